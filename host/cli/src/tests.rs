//! The command line as a whole: its help, and the page that documents it.

use clap::CommandFactory as _;

use super::Cli;

/// The command and all below it, each with the words that lead to it.
fn all() -> Vec<(String, clap::Command)> {
    let mut found = Vec::new();
    let mut cli = Cli::command().term_width(100);
    cli.build();
    let mut left = vec![(String::from("bailiwick"), cli)];
    while let Some((path, command)) = left.pop() {
        left.extend(command.get_subcommands().map(|sub| (format!("{path} {}", sub.get_name()), sub.clone())));
        found.push((path, command));
    }
    found.sort_by(|one, two| one.0.cmp(&two.0));
    found
}

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn the_help_of_each_verb_is_as_reviewed() {
    for (path, mut command) in all() {
        insta::assert_snapshot!(path.replace(' ', "_"), command.render_long_help());
    }
}

#[test]
fn each_option_has_one_sentence_of_help() {
    for (path, command) in all() {
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty(), "{path}: `{}` has no help", argument.get_id());
            assert!(!help.contains('\n') && !help.ends_with('.'), "{path}: `{help}` is more than a sentence");
        }
    }
}

#[test]
fn the_reference_names_each_verb_and_each_option() {
    let page = include_str!("../../../docs/cli.md");
    for (path, command) in all() {
        assert!(page.contains(&path), "docs/cli.md has no `{path}`");
        let section = page.split("\n## ").find(|section| section.starts_with(&format!("`{path}`")));
        for argument in command
            .get_arguments()
            .filter(|argument| !["help", "version"].contains(&argument.get_id().as_str()))
        {
            let section = section.unwrap_or_else(|| panic!("docs/cli.md has no section `{path}`"));
            if let Some(long) = argument.get_long() {
                assert!(section.contains(&format!("`--{long}")), "docs/cli.md: `{path}` lacks `--{long}`");
            }
            if let Some(short) = argument.get_short() {
                assert!(section.contains(&format!("`-{short}")), "docs/cli.md: `{path}` lacks `-{short}`");
            }
        }
    }
}
