//! `bailiwick key`: certificates and keys as files, for those who have no authority of their own. Private keys are
//! readable by their owner alone, and nothing is overwritten unasked.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::exit::{Exit, Problem};
use crate::folders::{self, IDENTITY, NewFile};
use crate::output::{line, note};
use crate::pki::{self, Authority, Credential, PkiError};

/// Work on certificates.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make an authority that signs the certificates of hosts and users
    Ca(Ca),
    /// Make a host's certificate and private key, and print the pin of its key
    Server(Server),
    /// Make a user's identity, and print the line that lets its holder in
    User(User),
    /// Show what a certificate says, and the pin of its key
    Show {
        /// A PEM file with a certificate
        file: PathBuf,
    },
}

/// Where files go and how long what they hold is valid.
#[derive(Debug, Args)]
struct Files {
    /// The folder to write to, made if it is missing
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace files that are there already
    #[arg(long)]
    force: bool,
    /// For how many days the certificate is valid
    #[arg(long, value_name = "DAYS", default_value_t = 825, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
}

/// An authority.
#[derive(Debug, Args)]
pub(crate) struct Ca {
    /// The authority's name
    #[arg(default_value = "bailiwick authority")]
    name: String,
    #[command(flatten)]
    files: Files,
}

/// A host.
#[derive(Debug, Args)]
pub(crate) struct Server {
    /// The names and addresses by which clients reach the host
    #[arg(default_values = ["localhost", "127.0.0.1", "::1"])]
    names: Vec<String>,
    /// Let the authority in this folder (`ca.pem` and `ca.key`) sign the certificate, in place of its own key
    #[arg(long, value_name = "DIR")]
    ca: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
}

/// A user.
#[derive(Debug, Args)]
pub(crate) struct User {
    /// The user's name, for people: hosts know the user by the key
    name: String,
    /// Let the authority in this folder (`ca.pem` and `ca.key`) sign the certificate, in place of its own key
    #[arg(long, value_name = "DIR")]
    ca: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
}

/// Does it.
///
/// # Errors
/// A file can't be read or written, or is there already.
pub(crate) fn run(verb: Verb) -> Result<Exit, Problem> {
    match verb {
        Verb::Ca(args) => ca(&args)?,
        Verb::Server(args) => server(&args)?,
        Verb::User(args) => user(&args)?,
        Verb::Show { file } => show(&file)?,
    }
    Ok(Exit::Done)
}

fn ca(args: &Ca) -> Result<(), Problem> {
    let made = Authority::make(&args.name, args.files.days).map_err(unmade)?;
    write_pair(&made, "ca", &args.files)
}

fn server(args: &Server) -> Result<(), Problem> {
    let authority = open_authority(args.ca.as_deref())?;
    let made = pki::server(&args.names, args.files.days, authority.as_ref()).map_err(unmade)?;
    write_pair(&made, "server", &args.files)?;
    line(&made.pin)
}

fn user(args: &User) -> Result<(), Problem> {
    let authority = open_authority(args.ca.as_deref())?;
    let made = pki::user(&args.name, args.files.days, authority.as_ref()).map_err(unmade)?;
    let folder = match &args.files.out {
        Some(folder) => folder.clone(),
        None => folders::config()?,
    };
    let path = folder.join(IDENTITY);
    let text = format!("{}{}", made.certificate, made.key);
    folders::write_all(&[NewFile { path: path.clone(), text: &text, secret: true }], args.files.force)?;
    note(&format!("wrote `{}`; for the user's table in `users.toml`:", path.display()));
    line(&format!("certificates = [\"{}\"]", made.pin))
}

fn show(file: &Path) -> Result<(), Problem> {
    let pem = fs::read(file).map_err(|error| Problem::file("read", file, &error))?;
    let said = pki::describe(&pem)
        .map_err(|error| Problem::Failed(format!("could not read `{}`: {error}", file.display())))?;
    line(&said.pin)?;
    for (name, value) in
        [("subject", said.subject), ("issuer", said.issuer), ("from", said.from), ("until", said.until)]
    {
        line(&format!("{name}: {}", crate::inert::line(&value)))?;
    }
    Ok(())
}

fn write_pair(made: &Credential, stem: &str, files: &Files) -> Result<(), Problem> {
    let folder = files.out.clone().unwrap_or_else(|| PathBuf::from("."));
    let (certificate, key) = (folder.join(format!("{stem}.pem")), folder.join(format!("{stem}.key")));
    let shown = format!("wrote `{}` and `{}`", certificate.display(), key.display());
    let pair = [
        NewFile { path: key, text: &made.key, secret: true },
        NewFile { path: certificate, text: &made.certificate, secret: false },
    ];
    folders::write_all(&pair, files.force)?;
    note(&shown);
    Ok(())
}

fn open_authority(folder: Option<&Path>) -> Result<Option<Authority>, Problem> {
    let Some(folder) = folder else { return Ok(None) };
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|error| Problem::file("read the authority's file", &path, &error))
    };
    Authority::open(&read("ca.pem")?, &read("ca.key")?).map(Some).map_err(unmade)
}

fn unmade(error: PkiError) -> Problem {
    Problem::Failed(error.to_string())
}
