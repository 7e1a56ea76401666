//! Whether the tags of an XML text close as they opened, for readers that never end where they do not.

/// Follows the tags of a text that comes piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Nesting {
    open: Vec<Vec<u8>>,
    // What stands behind `<`, while a tag, a comment or the like is open.
    tag: Option<Vec<u8>>,
    quote: Option<u8>,
    broken: bool,
}

impl Nesting {
    /// The next piece.
    pub(crate) fn feed(&mut self, mut bytes: &[u8]) {
        while !self.broken {
            let Some(tag) = &mut self.tag else {
                let Some(at) = memchr::memchr(b'<', bytes) else { return };
                self.tag = Some(Vec::new());
                bytes = &bytes[at + 1..];
                continue;
            };
            let [byte, rest @ ..] = bytes else { return };
            bytes = rest;
            tag.push(*byte);
            if is_whole(tag, &mut self.quote) {
                let tag = self.tag.take().unwrap_or_default();
                self.end_tag(&tag);
            } else {
                self.broken = tag.len() > LONGEST_TAG;
            }
        }
    }

    /// Whether all that was fed is well nested and closed.
    pub(crate) fn is_closed(&self) -> bool {
        !self.broken && self.tag.is_none() && self.open.is_empty()
    }

    fn end_tag(&mut self, tag: &[u8]) {
        let content = &tag[..tag.len() - 1];
        match content {
            [b'!' | b'?', ..] | [.., b'/'] => {}
            [b'/', name @ ..] => {
                self.broken = self.open.pop().is_none_or(|open| open != name.trim_ascii_end());
            }
            _ => {
                let name = content.split(u8::is_ascii_whitespace).next().unwrap_or_default();
                self.open.push(name.to_vec());
                self.broken = self.open.len() > DEEPEST;
            }
        }
    }
}

/// Whether the `>` that ends the tag has come. In a comment or a quoted attribute it may stand as text.
fn is_whole(tag: &[u8], quote: &mut Option<u8>) -> bool {
    let Some(last) = tag.last() else { return false };
    if tag.starts_with(b"!--") {
        return tag.len() >= 6 && tag.ends_with(b"-->");
    }
    if tag.starts_with(b"![CDATA[") {
        return tag.ends_with(b"]]>");
    }
    if tag.starts_with(b"?") {
        return tag.len() >= 3 && tag.ends_with(b"?>");
    }
    match (*quote, *last) {
        (None, b'>') => return true,
        (None, b'"' | b'\'') => *quote = Some(*last),
        (Some(open), last) if open == last => *quote = None,
        _ => {}
    }
    false
}

const LONGEST_TAG: usize = 1 << 20;
const DEEPEST: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_whose_tags_close_as_they_opened_pass() {
        for (text, closed) in [
            ("", true),
            ("<?xml version=\"1.0\"?><a b=\"x>y\" c='\"'><!-- <b> --><b/><c >t</c ><![CDATA[</a>]]></a>\n", true),
            ("<a>", false),
            ("<a><b></a></b>", false),
            ("</a>", false),
            ("<a></a><", false),
            ("<a></a><!-- x", false),
        ] {
            let mut whole = Nesting::default();
            whole.feed(text.as_bytes());
            let mut bytewise = Nesting::default();
            text.bytes().for_each(|byte| bytewise.feed(&[byte]));
            assert_eq!((whole.is_closed(), bytewise.is_closed()), (closed, closed), "{text}");
        }
    }
}
