//! The call list as an Excel workbook: a sheet to fill in, with a closed list of outcomes, and a sheet that explains them.

use std::io::Write;

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError,
};

use super::{COLUMNS, CallLine, DIAL, OUTCOME, to_verify};
use crate::pipeline::RunError;
use crate::rule::{OutcomeWords, Words, outcome_title};

/// Widths of the columns, in letters.
const WIDTHS: [u8; COLUMNS.len()] =
    [9, 16, 12, 12, 14, 16, 16, 7, 18, 20, 26, 16, 48, 14, 14, 14, 16, 26, 26, 16, 16, 30];

/// Writes the workbook in the language of `words`, from right to left where that is written so.
///
/// # Errors
/// When the output can't be written.
pub fn write_call_workbook(lines: &[CallLine], words: &Words, out: &mut dyn Write) -> Result<(), RunError> {
    let failed = |reason: String| RunError::Write { what: "the call list".to_owned(), reason };
    let bytes = workbook(lines, words).map_err(|error| failed(error.to_string()))?;
    out.write_all(&bytes).and_then(|()| out.flush()).map_err(|error| failed(error.to_string()))
}

fn workbook(lines: &[CallLine], words: &Words) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed date: the same list gives the same bytes.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let calls = workbook.add_worksheet();
    calls.set_name(words.say("call.sheet.calls"))?;
    write_calls(calls, lines, words)?;
    let outcomes = workbook.add_worksheet();
    outcomes.set_name(words.say("call.sheet.outcomes"))?;
    write_outcomes(outcomes, words)?;
    workbook.save_to_buffer()
}

fn write_calls(sheet: &mut Worksheet, lines: &[CallLine], words: &Words) -> Result<(), XlsxError> {
    sheet.set_right_to_left(words.direction() == "rtl");
    let header = Format::new().set_bold().set_background_color(Color::RGB(0x00E8_EEF4)).set_text_wrap();
    let to_fill = Format::new().set_bold().set_background_color(Color::RGB(0x00FF_F2CC)).set_text_wrap();
    let text = Format::new().set_align(FormatAlign::Top);
    let wrapped = Format::new().set_align(FormatAlign::Top).set_text_wrap();
    for (column, ((_, title), width)) in (0..).zip(COLUMNS.iter().zip(WIDTHS)) {
        sheet.set_column_width(column, width)?;
        let format = if usize::from(column) < OUTCOME { &header } else { &to_fill };
        sheet.write_string_with_format(0, column, words.say(title), format)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, line) in (1..).zip(lines) {
        for (column, cell) in (0..).zip(line.cells(to_verify(line, words))) {
            let format = if usize::from(column) == OUTCOME - 1 { &wrapped } else { &text };
            if usize::from(column) == DIAL {
                sheet.write_formula_with_format(row, column, dial(&line.call.recipient), format)?;
            } else if !cell.is_empty() {
                // Text cells never run.
                sheet.write_string_with_format(row, column, &cell[..cell.floor_char_boundary(32_767)], format)?;
            }
        }
    }
    let titles = OutcomeWords::CHOICES.map(|outcome| words.say(&outcome_title(outcome)).to_owned());
    let choice = DataValidation::new()
        .allow_list_strings(&titles)?
        .set_input_title(words.say("call.column.outcome"))?
        .set_error_title(words.say("call.column.outcome"))?;
    let last = u32::try_from(lines.len()).unwrap_or(u32::MAX).clamp(1, 1_048_575);
    sheet.add_data_validation(1, OUTCOME as u16, last, OUTCOME as u16, &choice)?;
    Ok(())
}

/// A link that dials. A number in E.164 holds nothing that could end the text; whatever does is left out.
fn dial(number: &str) -> Formula {
    let number: String = number.chars().filter(|letter| letter.is_ascii_digit() || *letter == '+').collect();
    Formula::new(format!("=HYPERLINK(\"tel:{number}\",\"{number}\")")).set_result(number)
}

fn write_outcomes(sheet: &mut Worksheet, words: &Words) -> Result<(), XlsxError> {
    sheet.set_right_to_left(words.direction() == "rtl");
    let header = Format::new().set_bold();
    sheet.set_column_width(0, 18)?;
    sheet.set_column_width(1, 80)?;
    sheet.write_string_with_format(0, 0, words.say("call.outcome"), &header)?;
    sheet.write_string_with_format(0, 1, words.say("call.outcome.why"), &header)?;
    for (row, outcome) in (1..).zip(OutcomeWords::CHOICES) {
        let title = outcome_title(outcome);
        sheet.write_string(row, 0, words.say(&title))?;
        sheet.write_string(row, 1, words.say(&format!("{title}.why")))?;
    }
    Ok(())
}
