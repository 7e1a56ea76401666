//! MariaDB as a source.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::clean;
use super::server::owner;
use crate::support::partner::partner;
use crate::support::program::Place;

/// A server that ends with the test.
struct MariaDb {
    child: Child,
    directory: TempDir,
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl MariaDb {
    fn start() -> Option<MariaDb> {
        let server = partner(PathBuf::from("/usr/sbin/mariadbd"))?;
        let directory = tempfile::Builder::new().prefix("tiuv-mariadb").tempdir().expect("a directory");
        let owner = owner("mysql");
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(directory.path(), Some(user), Some(group)).expect("is given away");
        }
        let as_owner = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(directory.path()).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
            if let Some((user, group)) = owner {
                command.uid(user).gid(group);
            }
            command.arg("--no-defaults").arg(format!("--datadir={}", directory.path().join("data").display()));
            command
        };
        let made = as_owner(Path::new("/usr/bin/mariadb-install-db"))
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"])
            .status();
        assert!(made.expect("starts").success(), "a data directory is made");
        let socket = directory.path().join("socket");
        let child = as_owner(&server)
            .arg(format!("--socket={}", socket.display()))
            .args(["--skip-networking", "--character-set-server=utf8mb4", "--innodb-flush-log-at-trx-commit=0"])
            .spawn()
            .expect("the server starts");
        let server = MariaDb { child, directory };
        let is_up = (0..300).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            server.sql("CREATE DATABASE IF NOT EXISTS club")
        });
        assert!(is_up, "the server answers");
        Some(server)
    }

    fn sql(&self, sql: &str) -> bool {
        let socket = self.directory.path().join("socket");
        let output = Command::new("/usr/bin/mariadb")
            .args(["--no-defaults", "-u", "root", "--default-character-set=utf8mb4", "-S"])
            .arg(socket)
            .args(["-e", sql])
            .output();
        output.is_ok_and(|output| output.status.success())
    }

    fn address(&self, user: &str) -> String {
        format!("mysql://{user}@/club?host={}", self.directory.path().join("socket").display())
    }
}

#[test]
fn a_table_is_read_in_the_order_of_its_key_and_what_is_wrong_is_said() {
    let Some(server) = MariaDb::start() else { return };
    assert!(server.sql(
        "USE club; CREATE TABLE `the ``club``` (id bigint PRIMARY KEY, email varchar(99), mobile varchar(20), paid decimal(12,3),
           joined date, seen datetime(3), raw varbinary(9), note text);
         INSERT INTO `the ``club``` VALUES (2, 'b@club-example.com', NULL, 12.500, '2020-02-29', '2024-01-10 10:00:00.250', x'ff00', 'two\nlines, \"x\"'),
           (1, '', '050-2345602', 0, NULL, NULL, NULL, 'דנה 😀');
         CREATE USER reader@localhost IDENTIFIED BY 'vErYsEcReT'; GRANT SELECT ON club.`the ``club``` TO reader@localhost;
         CREATE TABLE secret (id int); CREATE USER stranger@localhost; GRANT SELECT ON club.secret TO stranger@localhost"
    ));
    let place = Place::new();
    let table = |user: &str, table: &str| format!("{}&table={table}", server.address(user));
    clean(&place, &table("root", "the `club`"), &["--no-state"]);
    let mut reader = csv::Reader::from_path(place.path("out/rows.csv")).expect("written");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a record")).collect();
    let cells = |row: usize| rows[row].iter().take(8).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(cells(0), ["1", "", "050-2345602", "0.000", "", "", "", "דנה 😀"]);
    let seen = "2024-01-10 10:00:00.250";
    assert_eq!(cells(1), ["2", "b@club-example.com", "", "12.500", "2020-02-29", seen, "\\xff00", "two\nlines, \"x\""]);
    let map = |list: &str| place.tiuv(&["map", list]);
    for (list, exit, part) in [
        (table("root", "the club"), 3, "did you mean `the `club``?"),
        (server.address("root"), 2, "There are: secret, the `club`"),
        (table("stranger", "the `club`"), 3, "it has no table or view"),
        (table("reader", "the `club`"), 4, "does not let us in"),
        ("mysql://reader@db.example/club?table=a".to_owned(), 2, "would not be encrypted"),
    ] {
        let ran = map(&list);
        assert!(ran.exit == Some(exit) && ran.stderr.contains(part), "{list}: {:?} {}", ran.exit, ran.stderr);
    }
    let mut command = place.command(&["map", &table("reader", "the `club`")]);
    let ran = command.env("MYSQL_PWD", "vErYsEcReT").output().expect("tiuv starts");
    assert_eq!(ran.status.code(), Some(0));
    let query = |sql: &str| place.tiuv(&["map", &server.address("root"), "--query", sql]);
    assert_eq!(query("SELECT email, mobile FROM `the ``club```").exit, Some(0));
    assert_ne!(query("DELETE FROM `the ``club```").exit, Some(0));
    assert!(
        query("SELECT count(*) AS id, 'x' AS email FROM `the ``club``` HAVING count(*) = 2").exit == Some(0),
        "nothing is gone"
    );
}
