//! What a user can choose from, in errors.

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
