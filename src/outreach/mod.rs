//! Who is asked, how and when; the asking; and what the answers mean.
