//! `tiuv user`: who may sign in to the stewards' pages.

use std::fmt::Write as _;
use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::failure::Failure;
use super::progress::print;
use super::{Global, workspace};
use crate::clock;
use crate::error::{Exit, closest};
use crate::record::Role;
use crate::rule::StewardPolicy;
use crate::steward::{PasswordFault, folded_name, hash_password, password_fault};
use crate::store::{NewUser, Store};

/// Who may sign in to `tiuv serve --steward`. Passwords are asked for at the terminal, or read from a file or standard input.
#[derive(Debug, Args)]
#[command(after_help = "\
Roles: a viewer looks; a steward decides; an approver also confirms and undoes what others decided;
an admin does all of it. A password has 8 letters or more and is none that everybody tries first;
nothing else must be in it.

Examples:
  tiuv user add noa --role steward
  tiuv user add dan --role approver --password-file dan.txt
  tiuv user role noa approver
  tiuv user disable dan     he is signed out at once
  tiuv user list")]
pub(super) struct UserArgs {
    /// Where the accounts are kept
    #[arg(long, value_name = "DIR", default_value = ".tiuv", env = "TIUV_WORKSPACE", hide_env = true, global = true)]
    workspace: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make an account
    Add {
        /// What it is called
        name: String,
        /// What it may do
        #[arg(long, value_parser = roles(), value_name = "ROLE", default_value = "steward")]
        role: Role,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Give an account another role; it holds at once
    Role {
        /// Which account
        name: String,
        /// What it may do
        #[arg(value_parser = roles(), value_name = "ROLE")]
        role: Role,
    },
    /// Give an account another password, and sign it out
    Password {
        /// Which account
        name: String,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Sign an account out at once, and let it in no more
    Disable {
        /// Which account
        name: String,
    },
    /// Let an account in again
    Enable {
        /// Which account
        name: String,
    },
    /// List the accounts
    List,
}

#[derive(Debug, Args)]
struct PasswordArgs {
    /// Read the password from the first line of a file, `-` for standard input, in place of the terminal
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// Who does it, in the audit log.
const WHO: &str = "terminal";

pub(super) fn run(global: &Global, args: &UserArgs) -> Result<Exit, Failure> {
    let mut store = workspace::made(&args.workspace)?;
    let at = clock::timestamp();
    match &args.what {
        What::Add { name, role, password } => {
            let name = name.trim();
            let folded = folded(name)?;
            let hash = password.hash(global, name)?;
            let new = NewUser { name, folded: &folded, hash: &hash, role: *role };
            if !store.add_user(&new, at, WHO)? {
                return Err(Failure::usage(
                    "there is an account of this name",
                    "`tiuv user role` and `tiuv user password` change it; `tiuv user list` shows them all",
                ));
            }
            say(global, &format!("{name} may sign in, as {role}\n"));
        }
        What::Role { name, role } => {
            let changed = store.set_role(&folded(name)?, *role, at, WHO)?;
            done(global, &store, changed, name, &format!("is {role} from now on"))?;
        }
        What::Password { name, password } => {
            let folded = folded(name)?;
            known(&store, &folded)?;
            let hash = password.hash(global, name)?;
            let changed = store.set_password(&folded, &hash, at, WHO)?;
            done(global, &store, changed, name, "has another password, and is signed out")?;
        }
        What::Disable { name } => {
            let changed = store.set_disabled(&folded(name)?, true, at, WHO)?;
            done(global, &store, changed, name, "is signed out, and let in no more")?;
        }
        What::Enable { name } => {
            let changed = store.set_disabled(&folded(name)?, false, at, WHO)?;
            done(global, &store, changed, name, "may sign in again")?;
        }
        What::List => print(&listed(&store)?),
    }
    Ok(Exit::Success)
}

fn say(global: &Global, text: &str) {
    if !global.quiet {
        print(text);
    }
}

fn done(global: &Global, store: &Store, changed: bool, name: &str, what: &str) -> Result<(), Failure> {
    if !changed {
        known(store, &folded(name)?)?;
        say(global, "nothing changed\n");
        return Ok(());
    }
    say(global, &format!("{} {what}\n", name.trim()));
    Ok(())
}

fn known(store: &Store, folded: &str) -> Result<(), Failure> {
    let users = store.users()?;
    let names: Vec<String> = users.iter().map(|user| folded_name(&user.name)).collect();
    if names.iter().any(|name| name == folded) {
        return Ok(());
    }
    let help = match closest(folded, names.iter().map(String::as_str)) {
        Some(name) => format!("did you mean `{name}`? `tiuv user list` shows them all"),
        None => "`tiuv user list` shows them all, `tiuv user add` makes one".to_owned(),
    };
    Err(Failure::usage(&format!("there is no account `{folded}`"), &help))
}

fn listed(store: &Store) -> Result<String, Failure> {
    let users = store.users()?;
    if users.is_empty() {
        return Ok("no accounts yet; `tiuv user add NAME` makes one\n".to_owned());
    }
    let mut text = String::new();
    for user in users {
        let disabled = user.disabled_at.map(|at| format!("  (disabled {at})")).unwrap_or_default();
        let _ = writeln!(text, "{:<9} {}{disabled}", user.role.as_str(), user.name);
    }
    Ok(text)
}

fn folded(name: &str) -> Result<String, Failure> {
    let folded = folded_name(name);
    let is_name = !folded.is_empty() && folded.chars().count() <= 64;
    if is_name { Ok(folded) } else { Err(Failure::usage("this is no name of an account", "write one to 64 letters")) }
}

impl PasswordArgs {
    /// The hash of the password that is typed or read.
    fn hash(&self, global: &Global, name: &str) -> Result<String, Failure> {
        let policy = StewardPolicy::load(&global.rule_files()?)?;
        let password = match &self.password_file {
            Some(file) => first_line(file)?,
            None => asked(name)?,
        };
        if let Some(fault) = password_fault(&policy, name, &password) {
            let (what, help) = told(fault);
            return Err(Failure::usage(&what, help));
        }
        hash_password(&password)
            .ok_or_else(|| Failure::usage("the system has no random numbers", "try again in a moment"))
    }
}

fn first_line(file: &std::path::Path) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::usage(&format!("the password can't be read: {error}"), "name a file whose first line it is")
    };
    let mut line = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().lock().read_line(&mut line).map_err(unreadable)?;
    } else {
        let file = std::fs::File::open(file).map_err(unreadable)?;
        std::io::BufReader::new(file).read_line(&mut line).map_err(unreadable)?;
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Asks twice, unseen.
fn asked(name: &str) -> Result<String, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(
            "there is no terminal to ask for the password at",
            "name a file with --password-file, or `-` for standard input",
        ));
    }
    let failed = |error: std::io::Error| {
        Failure::usage(&format!("the password can't be asked for: {error}"), "name a file with --password-file")
    };
    let password = rpassword::prompt_password(format!("Password of {name}: ")).map_err(failed)?;
    let again = rpassword::prompt_password("The same again: ").map_err(failed)?;
    if password == again { Ok(password) } else { Err(Failure::usage("the two passwords differ", "type them again")) }
}

fn told(fault: PasswordFault) -> (String, &'static str) {
    match fault {
        PasswordFault::Short(least) => {
            (format!("the password has fewer than {least} letters"), "a few words that you remember are a good one")
        }
        PasswordFault::Long(most) => (format!("the password has more than {most} letters"), "a shorter one is enough"),
        PasswordFault::Common => (
            "the password is one that everybody tries first".to_owned(),
            "a few words that you remember are a good one",
        ),
        PasswordFault::Name => (
            "the password is little more than the account's name".to_owned(),
            "a few words that you remember are a good one",
        ),
    }
}

/// The words of roles, listed where another is written.
fn roles() -> impl TypedValueParser<Value = Role> {
    let words = PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str()));
    // No other word comes through; the least that one may do is to look.
    words.map(|word| Role::parse(&word).unwrap_or(Role::Viewer))
}
