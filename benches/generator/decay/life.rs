//! The life of a household with the club: contacts are lost, mails are read or bounce, people buy, join again, or die.

use super::super::person::{Person, Script};
use super::super::random::Random;
use super::super::writing::phone;
use super::world::{ALIVE, SILENT, TELLING, World, beta, gamma, happens, share, this_month};
use super::{CLUB_MONTHS, Contact, DecayClub, DecayRow, LOG_MONTHS, LogLine, MONTH_DAYS, State, TODAY};

const SCRIPTS: &[(u32, Script)] =
    &[(78, Script::Hebrew), (13, Script::Cyrillic), (5, Script::Latin), (4, Script::Arabic)];

/// Months before today of the club's mailings; none in the year of a pause.
fn is_mailing(months_ago: usize) -> bool {
    months_ago.is_multiple_of(3) && !(14..=25).contains(&months_ago)
}

/// Of its text messages.
fn is_texting(months_ago: usize) -> bool {
    months_ago % 6 == 4
}

/// Months before today of the campaign that asked customers whether their details are right.
const ASKED: usize = 29;

/// Domains of companies and small providers, each with the month in which it dies, if it does.
pub struct Domains {
    work: Vec<(String, Option<usize>)>,
}

impl Domains {
    pub fn new(seed: u64) -> Self {
        const ENDS: &[&str] = &["co.il", "co.il", "co.il", "com", "org.il", "net"];
        const WORDS: &[&str] = &[
            "shaked", "tamar", "nitzan", "galim", "orgad", "dafna", "meitar", "keren", "rotem", "yarden", "alon",
            "sela",
        ];
        const TRADES: &[&str] = &["tech", "law", "build", "food", "med", "design", "trade", "motors", "print", "soft"];
        let mut random = Random::at(seed, 0x444F_4D41_494E);
        let work = (0..4000).map(|number| {
            let (word, trade, end) = (random.pick(WORDS), random.pick(TRADES), random.pick(ENDS));
            let name = format!("{word}-{trade}{number}.{end}");
            let months = -(1.0 - share(&mut random)).ln() / 0.02 * 12.0;
            let left = CLUB_MONTHS.saturating_sub(months as usize);
            (name, (left > 0).then_some(left))
        });
        Domains { work: work.collect() }
    }

    pub fn dead(&self) -> Vec<String> {
        let dead = self.work.iter().filter(|(_, dies)| dies.is_some());
        dead.map(|(name, _)| name.clone()).chain([CLOSED.0.to_owned()]).collect()
    }
}

/// A provider that closed down: months before today.
const CLOSED: (&str, usize) = ("post-office.net.il", 20);

const FREE: &[(u32, &str)] = &[
    (700, "gmail.com"),
    (90, "hotmail.com"),
    (80, "walla.co.il"),
    (70, "yahoo.com"),
    (35, "icloud.com"),
    (25, "outlook.com"),
];
const ISP: &[(u32, &str)] = &[(50, "netvision.net.il"), (30, "bezeqint.net"), (12, "012.net.il"), (8, CLOSED.0)];
const EDUCATION: &[(u32, &str)] = &[(1, "mail.tau.ac.il"), (1, "campus.technion.ac.il"), (1, "mail.huji.ac.il")];
const DISPOSABLE: &[(u32, &str)] = &[(1, "mailinator.com"), (1, "yopmail.com"), (1, "guerrillamail.com")];

/// An address of a person, with what becomes of it.
struct Mailbox {
    contact: Contact,
    /// Yearly rate at which its owner loses it.
    loss: f64,
    /// Month before today in which its domain dies.
    domain_dies: Option<usize>,
    /// The club mails it no more.
    is_barred: bool,
}

struct Line {
    contact: Contact,
    loss: f64,
}

struct Human {
    number: usize,
    person: Person,
    born: i32,
    /// All they ever had; the last is in use unless its state says no.
    mailboxes: Vec<Mailbox>,
    /// In the household's lines.
    lines: Vec<usize>,
    reads: f64,
    buys: f64,
    visits: f64,
    answers: f64,
    is_dead: bool,
    wants_mail: bool,
    wants_texts: bool,
    /// Rows on file, with their mailbox and line.
    rows: Vec<(usize, Option<usize>, Option<usize>)>,
}

/// Lives a household and adds its rows and log.
pub fn live(world: &World, domains: &Domains, seed: u64, household: usize, club: &mut DecayClub, random: &mut Random) {
    let mut lines: Vec<Line> = Vec::new();
    let size = 1 + usize::from(random.permille(90));
    // The club has grown.
    let joins = (CLUB_MONTHS as f64 * share(random).powf(1.8)) as usize + 1;
    let mut humans: Vec<Human> = (0..size)
        .map(|member| human(world, domains, seed, household * 2 + member, joins, &mut lines, random))
        .collect();
    if size == 2 && random.permille(600) {
        humans[1].lines = humans[0].lines.clone();
    }
    let mut stage = Stage { world, domains, club, household };
    for months_ago in (0..joins).rev() {
        for line in &mut lines {
            line.age_a_month(world, months_ago, random);
        }
        for human in &mut humans {
            stage.month(human, &mut lines, months_ago, months_ago + 1 == joins, random);
        }
    }
    for human in &humans {
        stage.finish(human, &lines, random);
    }
}

fn human(
    world: &World,
    domains: &Domains,
    seed: u64,
    number: usize,
    joins: usize,
    lines: &mut Vec<Line>,
    random: &mut Random,
) -> Human {
    let person = Person::new(seed, number as u64, SCRIPTS);
    let years = if random.permille(15) { random.between(13, 17) } else { random.between(18, 80) };
    let born = TODAY - (joins as f64 * MONTH_DAYS) as i32 - (years as f64 * 365.25) as i32 - random.below(365) as i32;
    let mut human = Human {
        number,
        person,
        born,
        mailboxes: Vec::new(),
        lines: Vec::new(),
        reads: beta(random, world.opens, 1.5),
        buys: 2.2 * gamma(random, 0.7),
        visits: if random.permille(250) { 1.2 * gamma(random, 0.8) } else { 0.0 },
        answers: beta(random, 0.24, 3.0),
        is_dead: false,
        wants_mail: random.permille(620),
        wants_texts: random.permille(700),
        rows: Vec::new(),
    };
    if random.permille(880) {
        human.new_mailbox(world, domains, joins, random);
    }
    if random.permille(930) {
        human.new_line(world, lines, random);
    }
    human
}

impl Human {
    fn band(&self, months_ago: usize) -> usize {
        let days = TODAY - (months_ago as f64 * MONTH_DAYS) as i32 - self.born;
        match (f64::from(days) / 365.25) as u32 {
            0..=24 => 0,
            25..=34 => 1,
            35..=54 => 2,
            _ => 3,
        }
    }

    fn new_mailbox(&mut self, world: &World, domains: &Domains, months_ago: usize, random: &mut Random) {
        let class = *random.weighted(&[(680, 0), (120, 1), (150, 2), (30, 3), (5, 4)]);
        let mut domain_dies = None;
        let domain = match class {
            0 => *random.weighted(FREE),
            1 => *random.weighted(ISP),
            3 => *random.weighted(EDUCATION),
            4 => *random.weighted(DISPOSABLE),
            _ => {
                // Nobody takes a new address at a domain that is no more.
                let (name, dies) = loop {
                    let (name, dies) = random.pick(&domains.work);
                    if dies.is_none_or(|dies| dies < months_ago) {
                        break (name, dies);
                    }
                };
                domain_dies = *dies;
                name
            }
        };
        if domain == CLOSED.0 {
            domain_dies = Some(CLOSED.1).filter(|dies| *dies < months_ago);
        }
        let plain =
            |name: &str| name.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        let (first, last) = (plain(self.person.first.latin), plain(self.person.last.latin));
        let number = random.between(1, 99_999);
        let text = match random.below(3) {
            0 => format!("{first}.{last}{number}@{domain}"),
            1 => format!("{first}{number}@{domain}"),
            _ => format!("{last}.{first}{number}@{domain}"),
        };
        let earlier = self.mailboxes.len() as u32;
        let loss = world.email_loss[class]
            * world.age[self.band(months_ago)]
            * world.mover.powi(earlier.min(3) as i32)
            * gamma(random, 2.0);
        let contact =
            Contact { text, class, state: State::Alive, gone: None, earlier, dead_domain: false, is_shop: false };
        self.mailboxes.push(Mailbox { contact, loss, domain_dies, is_barred: false });
    }

    fn new_line(&mut self, world: &World, lines: &mut Vec<Line>, random: &mut Random) {
        let class = usize::from(random.permille(60));
        let number =
            if class == 1 { super::super::person::landline(random) } else { super::super::person::mobile(random) };
        let earlier = self.lines.len() as u32;
        let band = self.band(0);
        let loss =
            world.phone_loss[class] * world.age[band] * world.mover.powi(earlier.min(3) as i32) * gamma(random, 2.0);
        let text = phone(random, number);
        let contact =
            Contact { text, class, state: State::Alive, gone: None, earlier, dead_domain: false, is_shop: false };
        lines.push(Line { contact, loss });
        self.lines.push(lines.len() - 1);
    }

    fn has_mail(&self) -> bool {
        !self.is_dead && self.mailboxes.last().is_some_and(|mailbox| mailbox.contact.state == State::Alive)
    }

    fn has_phone(&self, lines: &[Line]) -> bool {
        !self.is_dead && self.lines.last().is_some_and(|line| lines[*line].contact.state == State::Alive)
    }
}

impl Contact {
    fn lose(&mut self, state: State, months_ago: usize) {
        self.state = state;
        self.gone.get_or_insert(months_ago);
    }
}

impl Mailbox {
    fn age_a_month(&mut self, world: &World, months_ago: usize, random: &mut Random) {
        if self.contact.state == State::Alive && this_month(random, self.loss) {
            let tells = happens(random, world.telling[0]);
            self.contact.lose(if tells { State::Telling } else { State::Silent }, months_ago);
        }
        if self.domain_dies == Some(months_ago) {
            self.contact.lose(State::Telling, months_ago);
            self.contact.dead_domain = true;
        }
    }
}

impl Line {
    fn age_a_month(&mut self, world: &World, months_ago: usize, random: &mut Random) {
        match self.contact.state {
            State::Alive if this_month(random, self.loss) => {
                let tells = happens(random, world.telling[1]);
                self.contact.lose(if tells { State::Telling } else { State::Silent }, months_ago);
            }
            State::Telling if this_month(random, world.handed_on) => self.contact.state = State::Silent,
            _ => {}
        }
    }
}

fn place(state: State) -> usize {
    match state {
        State::Alive => ALIVE,
        State::Telling => TELLING,
        State::Silent => SILENT,
    }
}

/// Where a month takes place.
struct Stage<'a> {
    world: &'a World,
    domains: &'a Domains,
    club: &'a mut DecayClub,
    household: usize,
}

impl Stage<'_> {
    fn month(&mut self, human: &mut Human, lines: &mut Vec<Line>, months_ago: usize, joins: bool, random: &mut Random) {
        let day = TODAY - 1 - (months_ago as f64 * MONTH_DAYS) as i32 - random.below(28) as i32;
        self.lose(human, lines, months_ago, random);
        if human.is_dead {
            self.mail(human, lines, months_ago, day, random);
            return;
        }
        // A tenth joins again at some time, at another till or on the site.
        if joins || this_month(random, 0.022) {
            self.write_down(human, day, random);
        }
        if this_month(random, 0.085) && !joins {
            self.update(human, day, random);
        }
        self.ask(human, months_ago, day, lines, random);
        self.mail(human, lines, months_ago, day, random);
        self.visit(human, months_ago, day, lines, random);
    }

    /// What this month takes, and what people get in its place.
    fn lose(&mut self, human: &mut Human, lines: &mut Vec<Line>, months_ago: usize, random: &mut Random) {
        for mailbox in &mut human.mailboxes {
            mailbox.age_a_month(self.world, months_ago, random);
        }
        let age = f64::from(TODAY - human.born) / 365.25 - months_ago as f64 / 12.0;
        if !human.is_dead && this_month(random, 0.0006 * ((age - 30.0) / 11.0).exp()) {
            human.is_dead = true;
            human.mailboxes.iter_mut().for_each(|mailbox| mailbox.contact.lose(State::Silent, months_ago));
            for line in &human.lines {
                lines[*line].contact.lose(State::Silent, months_ago);
            }
        }
        if human.is_dead {
            return;
        }
        if !human.mailboxes.is_empty() && !human.has_mail() && this_month(random, 4.0) {
            human.new_mailbox(self.world, self.domains, months_ago, random);
        }
        if !human.lines.is_empty() && !human.has_phone(lines) && this_month(random, 8.0) {
            human.new_line(self.world, lines, random);
        }
    }

    /// A new row, with the contacts of today.
    fn write_down(&mut self, human: &mut Human, day: i32, random: &mut Random) {
        let mailbox = human.has_mail().then(|| human.mailboxes.len() - 1);
        let line = human.lines.last().copied();
        let person = &human.person;
        let languages =
            [("he", Script::Hebrew), ("ru", Script::Cyrillic), ("en", Script::Latin), ("ar", Script::Arabic)];
        let spoken = languages.into_iter().find(|(_, script)| *script == person.script).map_or("", |(code, _)| code);
        let asked = |random: &mut Random, wants: bool| random.permille(930).then_some(wants);
        human.rows.push((self.club.rows.len(), mailbox, line));
        self.club.rows.push(DecayRow {
            person: human.number,
            household: self.household,
            first: person.first.name,
            last: person.last.name,
            language: if random.permille(700) { spoken } else { "" },
            born: random.permille(860).then_some(human.born),
            email: None,
            phone: None,
            joined: day,
            updated: None,
            last_purchase: None,
            purchases: 0,
            spent: 0,
            consent: [asked(random, human.wants_mail), asked(random, human.wants_texts)],
            do_not_contact: false,
            note: "",
            deceased: false,
            answers: [false; 2],
        });
    }

    /// Some detail of the newest row is changed; contacts are looked at half of the time.
    fn update(&mut self, human: &mut Human, day: i32, random: &mut Random) {
        let (has_mail, mailbox, line) = (human.has_mail(), human.mailboxes.len(), human.lines.last().copied());
        let Some((row, on_file, number)) = human.rows.last_mut() else { return };
        if random.permille(500) {
            if has_mail {
                *on_file = Some(mailbox - 1);
            }
            *number = line;
        }
        if random.permille(550) {
            self.club.rows[*row].updated = Some(day);
        }
    }

    /// The old campaign: a text message with a link.
    fn ask(&mut self, human: &mut Human, months_ago: usize, day: i32, lines: &[Line], random: &mut Random) {
        if months_ago != ASKED || !human.wants_texts || !random.permille(350) {
            return;
        }
        let Some(&(row, _, Some(line))) = human.rows.last() else { return };
        let state = lines[line].contact.state;
        if happens(random, self.world.undelivered[place(state)]) {
            return self.log(row, day, "sms", "undelivered");
        }
        let owns = state == State::Alive && human.lines.last() == Some(&line);
        let answer = match (owns, happens(random, human.answers)) {
            (true, true) if human.has_mail() && random.permille(400) => {
                self.update(human, day, random);
                "updated"
            }
            (true, true) => "confirmed",
            (false, _) if state == State::Silent && random.permille(60) => "wrong_person",
            _ => "no_answer",
        };
        self.log(row, day, "reverify", answer);
    }

    fn mail(&mut self, human: &mut Human, lines: &[Line], months_ago: usize, day: i32, random: &mut Random) {
        if months_ago >= LOG_MONTHS {
            return;
        }
        for at in 0..human.rows.len() {
            let (row, mailbox, line) = human.rows[at];
            if is_mailing(months_ago)
                && human.wants_mail
                && let Some(mailbox) = mailbox
            {
                self.mail_one(human, row, mailbox, day, random);
            }
            if is_texting(months_ago)
                && human.wants_texts
                && let Some(line) = line
            {
                let state = lines[line].contact.state;
                let back = happens(random, self.world.undelivered[place(state)]);
                self.log(row, day, "sms", if back { "undelivered" } else { "delivered" });
                if !back && state == State::Alive && random.permille(4) {
                    human.wants_texts = false;
                    self.club.rows[row].consent[1] = Some(false);
                    self.log(row, day + 1, "sms", "reply_stop");
                }
            }
        }
    }

    fn mail_one(&mut self, human: &mut Human, row: usize, at: usize, day: i32, random: &mut Random) {
        let mailbox = &mut human.mailboxes[at];
        if mailbox.is_barred {
            return;
        }
        let state = mailbox.contact.state;
        let (hard, soft) = (self.world.hard[place(state)], self.world.soft[place(state)]);
        let fate = share(random);
        if fate < hard || mailbox.contact.dead_domain {
            // Some are taken off the mailing list at once.
            mailbox.is_barred = random.permille(350);
            return self.log(row, day, "email", "hard_bounce");
        }
        if fate < hard + soft {
            return self.log(row, day, "email", "soft_bounce");
        }
        self.log(row, day, "email", "delivered");
        let owned = state == State::Alive;
        let opens = human.reads * if owned { 1.0 } else { self.world.opens_gone };
        if !happens(random, opens) {
            return;
        }
        let later = day + random.below(3) as i32;
        self.log(row, later.min(TODAY - 1), "email", "open");
        if happens(random, self.world.clicks[usize::from(!owned)]) {
            self.log(row, later.min(TODAY - 1), "email", "click");
        }
        if owned && random.permille(12) {
            human.wants_mail = false;
            self.club.rows[row].consent[0] = Some(false);
            self.log(row, later.min(TODAY - 1), "email", "unsubscribe");
        }
    }

    /// The shop and the site.
    fn visit(&mut self, human: &mut Human, months_ago: usize, day: i32, lines: &[Line], random: &mut Random) {
        let mail = if human.has_mail() { 1.0 } else { self.world.buys_gone[0] };
        let line = if human.has_phone(lines) { 1.0 } else { self.world.buys_gone[1] };
        let Some(&(row, mailbox, _)) = human.rows.last() else { return };
        if this_month(random, human.buys * mail * line) {
            let record = &mut self.club.rows[row];
            record.purchases += 1;
            record.spent += random.between(40, 600) as u32;
            record.last_purchase = Some(day);
            if months_ago < LOG_MONTHS {
                self.log(row, day, "pos", "purchase");
            }
        }
        let on_file = mailbox.is_some_and(|at| human.mailboxes[at].contact.state == State::Alive);
        let visits = human.visits * if on_file { 1.0 } else { self.world.logins_gone };
        if months_ago < LOG_MONTHS && this_month(random, visits) {
            self.log(row, day, "web", "login");
        }
    }

    fn log(&mut self, row: usize, day: i32, channel: &'static str, event: &'static str) {
        self.club.log.push(LogLine { day, row: row as u32, channel, event });
    }

    /// What the rows hold today.
    fn finish(&mut self, human: &Human, lines: &[Line], random: &mut Random) {
        const NOTES: &[&str] = &["", "", "", "", "", "לקוח ותיק", "להתקשר בערב", "חבר מועדון זהב"];
        for &(row, mailbox, line) in &human.rows {
            let record = &mut self.club.rows[row];
            record.email = mailbox.map(|at| human.mailboxes[at].contact.clone());
            record.phone = line.map(|at| lines[at].contact.clone());
            record.deceased = human.is_dead;
            record.note = match human.is_dead && random.permille(350) {
                true => "נפטר",
                false => random.pick::<&str>(NOTES),
            };
            record.do_not_contact = random.permille(15);
            let owned = line.is_some_and(|at| lines[at].contact.state == State::Alive) && !human.is_dead;
            record.answers = [owned && happens(random, human.answers), owned && happens(random, human.answers * 2.0)];
        }
    }
}
