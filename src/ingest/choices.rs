//! What a user can choose from, in errors.

use std::path::Path;

use crate::error::closest;

/// How many files, and the first of their names.
pub(super) fn several(files: &[String]) -> String {
    const NAMED: usize = 5;
    match files {
        [] => "no file".to_owned(),
        _ => {
            let more = if files.len() > NAMED { ", …" } else { "" };
            format!("{} files: {}{more}", files.len(), files[..files.len().min(NAMED)].join(", "))
        }
    }
}

/// "did you mean" with everything that is allowed, or what to do where nothing is near.
pub(super) fn did_you_mean(closest: Option<&str>, otherwise: &str, allowed: &[String]) -> String {
    let first = closest.map_or_else(|| otherwise.to_owned(), |name| format!("did you mean `{name}`?"));
    match allowed {
        [] => first,
        _ => format!("{}{} There are: {}", first, if first.ends_with('?') { "" } else { "." }, allowed.join(", ")),
    }
}

/// The file of the directory whose name is nearest to that of a file that is not there.
pub(super) fn closest_neighbour(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let parent = path.parent()?;
    let directory = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let entries = std::fs::read_dir(directory).ok()?;
    let mut names: Vec<String> =
        entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    // The system lists them in no order; ties must not depend on it.
    names.sort();
    let name = closest(&wanted, names.iter().map(String::as_str))?;
    Some(parent.join(name).display().to_string())
}
