//! What a keyboard in the wrong layout and a program with the wrong encoding make of text.

/// Keys of the US layout and what the Hebrew layout (SI 1452) puts there.
const KEYS: &str = "qwertyuiop asdfghjkl; zxcvbnm,./";
const HEBREW: &str = "/'קראטוןםפ שדגכעיחלךף זסבהנמצתץ.";

/// Latin text typed while the keyboard was on Hebrew.
pub fn typed_on_hebrew(text: &str) -> String {
    text.chars().map(|c| translate(c.to_ascii_lowercase(), KEYS, HEBREW)).collect()
}

/// Hebrew text typed while the keyboard was on English.
pub fn typed_on_english(text: &str) -> String {
    text.chars().map(|c| translate(c, HEBREW, KEYS)).collect()
}

/// UTF-8 read as Windows-1252.
pub fn mojibake(text: &str) -> String {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
}

fn translate(c: char, from: &str, to: &str) -> char {
    from.chars().zip(to.chars()).find(|(key, _)| *key == c).map_or(c, |(_, other)| other)
}
