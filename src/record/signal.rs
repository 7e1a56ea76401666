//! What bears on whether a contact still reaches its owner: its class, and signs of life and of decay.

use super::ContactKind;
use super::words::words;

words! {
    /// Groups of contacts that people lose at different rates (`rules/decay.toml`).
    ContactClass {
        /// A mailbox at a free provider.
        FreeMail = "free_mail",
        /// A mailbox that comes with a line.
        Isp = "isp",
        /// A mailbox at a company's or an authority's domain.
        Work = "work",
        /// A mailbox at a school or a university.
        Education = "education",
        /// A throw-away mailbox.
        Disposable = "disposable",
        /// A mobile number.
        Mobile = "mobile",
        /// A fixed line.
        Landline = "landline",
        /// A number of another country.
        Foreign = "foreign",
    }
}

impl ContactClass {
    /// Whether it is a class of addresses or of numbers.
    pub const fn kind(self) -> ContactKind {
        match self {
            ContactClass::Mobile | ContactClass::Landline | ContactClass::Foreign => ContactKind::Phone,
            _ => ContactKind::Email,
        }
    }
}

words! {
    /// A sign of life or of decay that bears on one contact.
    Signal {
        /// E-mail came back for good.
        HardBounce = "hard_bounce",
        /// E-mail came back for now.
        SoftBounce = "soft_bounce",
        /// E-mail was delivered; whether it was opened is told by an `Open` of the same day or later.
        MailDelivered = "mail_delivered",
        /// E-mail was opened.
        Open = "open",
        /// A link was followed, or a code entered.
        Click = "click",
        /// Signed in with this address.
        Login = "login",
        /// Bought something.
        Purchase = "purchase",
        /// A text message could not be delivered.
        SmsUndelivered = "sms_undelivered",
        /// A text message was delivered.
        SmsDelivered = "sms_delivered",
        /// The owner answered, confirmed, or opted out by a reply.
        Answered = "answered",
        /// Somebody else answered.
        NotMe = "not_me",
        /// A question was delivered and stayed without an answer.
        SilentOnAsk = "silent_on_ask",
        /// The row was changed, or another row of the customer made, and holds the same value.
        Recaptured = "recaptured",
        /// Another row of the customer captured a different value later.
        Superseded = "superseded",
    }
}
