// The page behind the link in a real browser: in four languages, narrow and wide, by day and by night, with and without script, by
// keyboard alone, by axe-core's rules of WCAG 2.2 AA, and as old browsers see it.
//
//   node confirm.mjs '{"base": …, "partners": …, "fake": …, "user": …, "password": …, "tokens": […], "pictures": …}'
//
// `tokens` are links that nobody answered yet, `fake` is where the gateway lists the codes that it took. Prints what is wrong, a line each,
// and ends with 1 where anything is. `pictures`, where given, is the directory that screenshots go to.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { base, partners, fake, user, password, tokens, pictures } = JSON.parse(process.argv[2]);
const require = createRequire(`${partners}/node_modules/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const LANGUAGES = { he: "rtl", en: "ltr", ar: "rtl", ru: "ltr" };
const WIDTHS = [360, 1280];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// All that a page needs.
const MOST_BYTES = 20_000;
const SMALLEST_TARGET = 44;

const problems = [];
const wrong = (where, what) => problems.push(`${where}: ${what}`);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

// Each visitor comes from an address of its own, as the proxy before the server tells.
let visitors = 0;
async function visitor(options, onStyle) {
  visitors += 1;
  const context = await browser.newContext({ ...options, extraHTTPHeaders: { "X-Forwarded-For": `203.0.113.${visitors}` } });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith("data:")) wrong("requests", `${request.url()} is no page of ours`);
  });
  page.on("console", (message) => {
    const text = message.text();
    // A form with faults is answered with 422, a link that is none with 404; browsers ask for an icon by themselves.
    if (!/favicon|status of (422|404)|ERR_FAILED/.test(text)) wrong("console", text);
  });
  if (onStyle) await page.route("**/style.css", onStyle);
  return page;
}

// What holds for every page, whoever looks.
async function look(page, where, direction) {
  const shape = await page.evaluate((smallest) => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    dir: document.documentElement.dir,
    title: document.title,
    heading: document.querySelector("h1")?.textContent,
    scripts: document.scripts.length,
    small: [...document.querySelectorAll("button, a, input:not([type=hidden]), select")]
      .filter((one) => one.getBoundingClientRect().height < smallest)
      .map((one) => one.textContent.trim() || one.name),
  }), SMALLEST_TARGET);
  if (shape.overflow > 0) wrong(where, `scrolls sideways by ${shape.overflow} px`);
  if (shape.dir !== direction) wrong(where, `is read ${shape.dir}`);
  if (shape.title !== shape.heading) wrong(where, `is titled ${shape.title} and headed ${shape.heading}`);
  if (shape.scripts > 0) wrong(where, "has a script");
  for (const name of shape.small) wrong(where, `${name} is lower than ${SMALLEST_TARGET} px`);
  // axe runs in a page whose policy allows no script, so these contexts are told to pass over the policy.
  const found = await page.evaluate(async ([source, rules]) => {
    new Function(source)();
    const result = await globalThis.axe.run({ runOnly: rules });
    return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
  }, [axe, RULES]);
  for (const violation of found) wrong(where, violation);
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
}

// The code that was sent to a number, as the gateway took it.
async function codeSentTo(number) {
  const url = `${fake}?To=${encodeURIComponent(number)}&PageSize=50`;
  const answer = await fetch(url, { headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` } });
  const { messages } = await answer.json();
  return messages[0]?.body.match(/\d{6}/)?.[0] ?? "";
}

const mobile = (index) => ({ local: `054-78123${String(index).padStart(2, "0")}`, e164: `+97254781 23${String(index).padStart(2, "0")}`.replace(" ", "") });
const says = async (page, where, part) => {
  const text = await page.textContent("main");
  if (!text.includes(part)) wrong(where, `does not say "${part}" but "${text.trim().replace(/\s+/g, " ")}"`);
};
const WORDS = {
  en: { confirmed: "your details are confirmed", updated: "your changes are kept", removed: "You are removed", wrong: "We will not use this contact" },
};

let next = 0;
const token = () => tokens[next++];
const seen = token();

// What a page weighs, and which requests it makes.
{
  const page = await visitor({ viewport: { width: 360, height: 800 } });
  for (const path of [`/c/${seen}?lang=he`, `/c/${seen}?do=update&lang=ru`]) {
    const bodies = [];
    const weigh = async (response) => bodies.push((await response.body()).length);
    page.on("response", (response) => { if (!/favicon/.test(response.url())) bodies.push(response.body().then((body) => body.length)); });
    await page.goto(`${base}${path}`, { waitUntil: "networkidle" });
    const bytes = (await Promise.all(bodies)).reduce((sum, one) => sum + one, 0);
    if (bytes === 0 || bytes > MOST_BYTES) wrong(path.split("?")[1], `weighs ${bytes} bytes`);
    page.removeAllListeners("response");
  }
  await page.context().close();
}

// All pages in all languages, narrow and wide.
for (const width of WIDTHS) {
  const page = await visitor({ viewport: { width, height: 800 }, bypassCSP: true });
  for (const [language, direction] of Object.entries(LANGUAGES)) {
    const where = (name) => `${name} ${language} ${width}`;
    const visit = async (name, path) => {
      await page.goto(`${base}${path}`);
      await look(page, where(name), direction);
    };
    await visit("ask", `/c/${seen}?lang=${language}`);
    await picture(page, `confirm_ask_${language}_${width}`);
    await visit("closed", `/c/aaaaaaaa?lang=${language}`);
    await visit("update", `/c/${seen}?do=update&lang=${language}`);
    await page.fill("#email", "dana@gmial.com");
    await page.fill("#mobile", "050-12");
    await page.click("button[value=update]");
    await look(page, where("faults"), direction);
    if ((await page.locator("[aria-invalid=true]").count()) !== 2) wrong(where("faults"), "two fields are wrong");
    await picture(page, `confirm_faults_${language}_${width}`);

    const number = mobile(next);
    await page.goto(`${base}/c/${token()}?do=update&lang=${language}`);
    await page.fill("#mobile", number.local);
    await page.click("button[value=update]");
    await look(page, where("code"), direction);
    await picture(page, `confirm_code_${language}_${width}`);
    const code = await codeSentTo(number.e164);
    await page.fill("#code", code === "111111" ? "222222" : "111111");
    await page.click("button[value=code]");
    if (width === WIDTHS[0]) await look(page, where("wrong code"), direction);
    await page.fill("#code", code);
    await page.click("button[value=code]");
    await look(page, where("done"), direction);
    if ((await page.locator("#code").count()) !== 0) wrong(where("done"), "still asks for the code");
    await picture(page, `confirm_done_${language}_${width}`);
  }
  await page.context().close();
}

// By night.
{
  const page = await visitor({ viewport: { width: 360, height: 800 }, bypassCSP: true, colorScheme: "dark" });
  for (const language of ["he", "en"]) {
    await page.goto(`${base}/c/${seen}?lang=${language}`);
    await look(page, `night ${language}`, LANGUAGES[language]);
  }
  await page.context().close();
}

// By keyboard alone, with and without script: to the first button and on it; and through the form, where Enter saves.
for (const javaScriptEnabled of [true, false]) {
  const where = `keyboard, script ${javaScriptEnabled}`;
  const page = await visitor({ viewport: { width: 360, height: 800 }, javaScriptEnabled });
  const own = token();
  const number = mobile(next);
  await page.goto(`${base}/c/${own}?lang=en`);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await Promise.all([page.waitForURL(/do=update/), page.keyboard.press("Enter")]);
  await page.keyboard.press("Tab");
  await page.keyboard.type(number.local);
  await Promise.all([page.waitForSelector("#code"), page.keyboard.press("Enter")]);
  await page.keyboard.press("Tab");
  await page.keyboard.type(await codeSentTo(number.e164));
  await Promise.all([page.waitForSelector("#code", { state: "detached" }), page.keyboard.press("Enter")]);
  await says(page, where, WORDS.en.updated);
  await page.goto(`${base}/c/${own}?lang=en`);
  await page.keyboard.press("Tab");
  await Promise.all([page.waitForSelector("form", { state: "detached" }), page.keyboard.press("Enter")]);
  await says(page, where, WORDS.en.confirmed);
  await page.context().close();
}

// As old browsers see it: no script and no style at all; and none of what style sheets learnt in the last ten years.
const without = (css) => css
  .replace(/@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, "")
  .replace(/[^{}]*:focus-visible[^{}]*\{[^{}]*\}/g, "")
  .replace(/[\w-]+:[^;{}]*(?:var\(|env\(|grid|flex|clamp\()[^;{}]*;?/g, "")
  .replace(/[\w-]*-inline[\w-]*:[^;{}]*;?/g, "");
const oldStyle = without(await (await fetch(`${base}/c/style.css`)).text());
if (/var\(|grid|flex|-inline/.test(oldStyle)) wrong("old style", "the check takes too little away");
const OLD = {
  "no style": (route) => route.abort(),
  "old style": (route) => route.fulfill({ contentType: "text/css", body: oldStyle }),
};
for (const [where, onStyle] of Object.entries(OLD)) {
  const page = await visitor({ viewport: { width: 360, height: 800 }, javaScriptEnabled: false }, onStyle);
  const own = token();
  await page.goto(`${base}/c/${own}?lang=he`);
  const shown = await page.locator("button, a").evaluateAll((all) => all.map((one) => one.getBoundingClientRect()));
  if (shown.some(({ width, height, right }) => width === 0 || height === 0 || right > 361)) wrong(where, "a button is out of sight");
  if (where === "old style" && shown.some(({ height }) => height < SMALLEST_TARGET)) wrong(where, `a target is lower than ${SMALLEST_TARGET} px`);
  await picture(page, `confirm_${where.replace(" ", "_")}`);
  await page.goto(`${base}/c/${own}?do=update&lang=en`);
  await page.fill("#city", "Haifa");
  await page.selectOption("#preferred_channel", "email");
  await page.click("button[value=update]");
  await says(page, where, WORDS.en.updated);
  await page.click("main a");
  await page.click("button[value=confirm]");
  await page.waitForLoadState();
  await page.context().close();
}

// The other two answers; a refusal is the last word, so it comes last.
{
  const page = await visitor({ viewport: { width: 360, height: 800 }, javaScriptEnabled: false });
  for (const [answer, words] of [["not_me", WORDS.en.wrong], ["remove", WORDS.en.removed]]) {
    const own = token();
    await page.goto(`${base}/c/${own}?lang=en`);
    await page.click(`button[value=${answer}]`);
    await says(page, answer, words);
  }
  await page.context().close();
}

await browser.close();
console.log(problems.length === 0 ? "nothing is wrong" : [...new Set(problems)].join("\n"));
process.exit(problems.length === 0 ? 0 : 1);
