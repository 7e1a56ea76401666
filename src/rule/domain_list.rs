//! Long lists of domains, searched where they lie: nothing is built when a program starts.

use std::borrow::Cow;

use super::RuleFiles;

/// A file of domains, one a line, in the order of their bytes.
#[derive(Debug, Clone)]
pub struct DomainList {
    text: Cow<'static, str>,
    /// Where the lines begin whose first byte is this one or a greater one.
    starts: [usize; 129],
}

impl DomainList {
    /// Reads a file below `rules/`; one that a user laid over ours is brought in order first.
    pub(super) fn load(files: &RuleFiles, path: &str) -> Self {
        let text = match files.embedded_text(path) {
            Some(text) => Cow::Borrowed(text),
            None => {
                let text = files.text(path);
                let mut lines: Vec<String> = entries(&text).map(str::to_ascii_lowercase).collect();
                lines.sort_unstable();
                Cow::Owned(lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect())
            }
        };
        // Comments stand at the head of our own files.
        let head = text.lines().take_while(|line| line.is_empty() || line.starts_with('#')).map(|line| line.len() + 1);
        let head = head.sum::<usize>().min(text.len());
        let mut list = DomainList { text, starts: [head; 129] };
        for byte in 1..129_u8 {
            let index = usize::from(byte);
            list.starts[index] = list.place(list.starts[index - 1], list.text.len(), &[byte]);
        }
        list
    }

    /// Its domains, in order.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        entries(&self.text[self.starts[0]..])
    }

    /// Whether it has this domain, which is in lower case.
    pub fn contains(&self, domain: &str) -> bool {
        let Some(first) = domain.bytes().next().filter(u8::is_ascii) else { return false };
        let (start, end) = (self.starts[usize::from(first)], self.starts[usize::from(first) + 1]);
        let place = self.place(start, end, domain.as_bytes());
        self.line(place) == domain.as_bytes()
    }

    /// Where the first line begins, between two beginnings of lines, that is not less than `domain`.
    fn place(&self, mut start: usize, mut end: usize, domain: &[u8]) -> usize {
        let bytes = self.text.as_bytes();
        while start < end {
            let middle = start + (end - start) / 2;
            let line = memchr::memrchr(b'\n', &bytes[start..middle]).map_or(start, |before| start + before + 1);
            if self.line(line) < domain {
                start = line + self.line(line).len() + 1;
            } else {
                end = line;
            }
        }
        start
    }

    /// The line that begins here, without its end.
    fn line(&self, start: usize) -> &[u8] {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())]
    }
}

fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_of_the_shipped_lists_is_found_and_nothing_else_is() {
        for path in ["email/disposable.txt", "email/disposable_wide.txt"] {
            let list = DomainList::load(&RuleFiles::embedded(), path);
            assert!(entries(&list.text).is_sorted(), "{path} is in order");
            assert_eq!(entries(&list.text).count(), list.domains().count(), "{path}: comments stand at its head alone");
            assert!(!list.text.contains('\r'), "{path}");
            for domain in list.domains() {
                assert!(list.contains(domain), "{domain}");
                assert!(!list.contains(&domain[1..]) || list.domains().any(|other| other == &domain[1..]), "{domain}");
            }
            for domain in ["", "zzzzz.zz", "0", "\u{5d0}", "#", "gmail.com", "\u{7f}"] {
                assert!(!list.contains(domain), "{domain}");
            }
        }
    }

    #[test]
    fn a_list_of_the_users_own_need_not_be_in_order() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("email")).expect("a folder");
        std::fs::write(folder.path().join("email/disposable.txt"), "\n# own\nB.com\r\nz.il\n a.com \n")
            .expect("written");
        let files = RuleFiles::layered(folder.path()).expect("it mirrors rules/");
        let list = DomainList::load(&files, "email/disposable.txt");
        assert_eq!(list.domains().collect::<Vec<_>>(), ["a.com", "b.com", "z.il"]);
        assert!(list.contains("a.com") && list.contains("z.il") && !list.contains("mailinator.com"));
    }
}
