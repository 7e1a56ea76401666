// The stewards' pages in a real browser: in Hebrew and English, by day and by night, narrow and wide, by keyboard alone, without script,
// by two people at once, and by axe-core's rules of WCAG 2.2 AA.
//
//   node steward.mjs '{"base": …, "partners": …, "password": …, "items": [one of each kind], "pictures": …}'
//
// Prints what is wrong, a line each, and ends with 1 where anything is. `pictures`, where given, is the directory that screenshots go to.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { base, partners, password, items, pictures } = JSON.parse(process.argv[2]);
const require = createRequire(`${partners}/node_modules/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const MOST_SCRIPT = 10_000;
const BY_KEYS = 50;

const problems = [];
const wrong = (where, what) => problems.push(`${where}: ${what}`);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

async function visitor(options) {
  const context = await browser.newContext({ locale: "en-US", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith("data:")) wrong("requests", `${request.url()} is no page of ours`);
    if (/@|%40|\d{9}/.test(new URL(request.url()).search)) wrong("requests", `${request.url()} holds a value`);
  });
  page.on("console", (message) => {
    // What is not done is answered with 409 and the like; browsers ask for an icon by themselves.
    if (!/favicon|status of (404|409|422|429)/.test(message.text())) wrong("console", message.text());
  });
  return page;
}

async function signIn(page, name) {
  await page.goto(`${base}/steward`);
  await page.fill("#name", name);
  await page.fill("#password", password);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${base}/steward`);
}

// What holds for every page.
async function look(page, where, direction) {
  const shape = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    dir: document.documentElement.dir,
    headings: document.querySelectorAll("h1").length,
    small: [...document.querySelectorAll("button, a, input:not([type=hidden]), select")]
      .filter((one) => one.checkVisibility() && !one.classList.contains("to-content") && one.getBoundingClientRect().height < 24)
      .map((one) => one.textContent.trim() || one.name),
    unprinted: [...document.querySelectorAll("[data-key]")].filter((one) => !one.querySelector("kbd")).map((one) => one.textContent),
  }));
  if (shape.overflow > 0) wrong(where, `scrolls sideways by ${shape.overflow} px`);
  if (shape.dir !== direction) wrong(where, `is read ${shape.dir}`);
  if (shape.headings !== 1) wrong(where, `has ${shape.headings} headings`);
  for (const name of shape.small) wrong(where, `${name} is lower than 24 px`);
  for (const name of shape.unprinted) wrong(where, `${name} does not say its key`);
  const found = await page.evaluate(async ([source, rules]) => {
    new Function(source)();
    const result = await globalThis.axe.run({ runOnly: rules });
    return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
  }, [axe, RULES]);
  for (const violation of found) wrong(where, violation);
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

// All pages in both languages, by day and by night, narrow and wide.
for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 1280]) {
    const page = await visitor({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    await page.goto(`${base}/steward/sign-in`);
    await look(page, `sign-in ${colorScheme} ${width}`, "ltr");
    await signIn(page, "gal");
    for (const [language, direction] of [["en", "ltr"], ["he", "rtl"]]) {
      await page.click(`button[name=language][value=${language}]`);
      await page.waitForSelector(`html[lang=${language}]`);
      const visit = async (name, path) => {
        await page.goto(`${base}${path}`);
        await look(page, `${name} ${language} ${colorScheme} ${width}`, direction);
        await picture(page, `steward_${name}_${language}_${colorScheme}_${width}`);
      };
      await visit("queue", "/steward");
      await visit("empty", "/steward?list=none");
      for (const [kind, id] of Object.entries(items)) {
        await page.goto(`${base}/steward/item/${id}`);
        const take = page.locator("[data-key=KeyT]");
        if (await take.count()) await take.click();
        await visit(`item_${kind}`, `/steward/item/${id}`);
        if ((await page.locator("[name=verb]").count()) === 0) wrong(`item_${kind}`, "can't be decided");
      }
      await visit("differences", `/steward/item/${items.duplicate}?view=differences`);
      await page.click("[data-key=KeyV]");
      await visit("revealed", `/steward/item/${items.duplicate}`);
      if (!(await page.textContent("main")).includes("levi@")) wrong("revealed", "still masks the values");
      await page.click("[data-key=KeyV]");
      await visit("mine", "/steward/mine");
      await visit("held", "/steward/held");
      await visit("many", "/steward/many?kind=suggestion");
      await page.click("form.decide button");
      await look(page, `preview ${language} ${colorScheme} ${width}`, direction);
      await picture(page, `steward_preview_${language}_${colorScheme}_${width}`);
      await visit("missing", "/steward/item/99999");
    }
    for (const id of Object.values(items)) {
      await page.goto(`${base}/steward/item/${id}`);
      await page.click("[data-key=KeyK]");
    }
    await page.click("button[name=language][value=en]");
    await page.context().close();
  }
}

// By keyboard alone, on a Hebrew keyboard as on any: the place of the key counts.
const noa = await visitor({ viewport: { width: 1280, height: 900 } });
const script = await noa.request.get(`${base}/steward/keys.js`);
if ((await script.body()).length > MOST_SCRIPT) wrong("script", "is too large");
await signIn(noa, "noa");
await noa.goto(`${base}/steward?kind=suggestion`);
const press = async (code, key) => {
  const from = noa.url();
  await noa.evaluate(([code, key]) => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { code, key, bubbles: true, cancelable: true }));
  }, [code, key]);
  await noa.waitForURL((url) => url.href !== from, { waitUntil: "load" });
};
await press("KeyN", "מ");
const seen = new Set();
for (let done = 0; done < BY_KEYS; done += 1) {
  seen.add(new URL(noa.url()).pathname);
  if (done % 2) await press("KeyA", "ש");
  else await press("KeyR", "ר");
}
if (seen.size !== BY_KEYS) wrong("keys", `${seen.size} items were seen in place of ${BY_KEYS}`);
{
  const before = noa.url();
  await noa.keyboard.press("?");
  if (!(await noa.locator("#keys[open]").count())) wrong("keys", "? does not show them");
  if ((await noa.locator("#key-list dt").count()) < 3) wrong("keys", "they are not listed");
  await noa.focus("#why");
  await noa.keyboard.type("already asked?");
  if (noa.url() !== before || (await noa.inputValue("#why")) !== "already asked?") wrong("keys", "act in a field");
  await noa.keyboard.press("Escape");
  const last = new URL(before).searchParams.get("done");
  await noa.keyboard.press("u");
  await noa.waitForURL(/undone=1/);
  await look(await (async () => noa)(), "after undo", "ltr").catch(() => {});
  await noa.goto(`${base}/steward/mine`);
  if ((await noa.locator(`form[action="/steward/act/${last}/undo"]`).count()) !== 0) wrong("undo", "the decision is still there");
}
await noa.click("button[name=keys]");
await noa.goto(`${base}/steward?kind=suggestion`);
if ((await noa.locator("kbd").count()) !== 0) wrong("keys", "are printed though they are switched off");
await noa.click("button[name=keys]");

// Two at once: neither gets what the other has, and whoever comes too late is told.
const dan = await visitor({ viewport: { width: 1280, height: 900 } });
await signIn(dan, "dan");
await noa.goto(`${base}/steward?kind=suggestion`);
await dan.goto(`${base}/steward?kind=suggestion`);
await Promise.all([noa.click("[data-key=KeyN]"), dan.click("[data-key=KeyN]")]);
await Promise.all([noa.waitForURL(/item/), dan.waitForURL(/item/)]);
const [hers, his] = [noa, dan].map((page) => new URL(page.url()).pathname);
if (hers === his) wrong("two", `both have ${hers}`);
await dan.goto(`${base}${hers}`);
if (!(await dan.textContent("main")).includes("noa has this item until")) wrong("two", "does not say who has it");
await picture(dan, "steward_anothers");
if (await dan.locator("[name=verb]").count()) wrong("two", "he may decide what she has");

// Without script all of it works by forms.
const plain = await visitor({ javaScriptEnabled: false });
await signIn(plain, "dan");
await plain.goto(`${base}/steward?kind=suggestion`);
await plain.click("form[action='/steward/next'] button");
await plain.click("button[value=reject]");
await plain.waitForURL(/done=/);
await plain.click(".notice button");
await plain.waitForURL(/undone=1/);

await browser.close();
console.log(problems.length ? problems.join("\n") : "nothing is wrong");
process.exit(problems.length ? 1 : 0);
