// The report in a real browser: in each of its languages, narrow and wide, by day and by night, by axe-core's rules of WCAG 2.2 AA.
//
//   node report.mjs '{"page": "file:///…/report.html", "partners": …, "pictures": …}'
//
// Prints what is wrong, a line each, and ends with 1 where anything is. `pictures`, where given, is the directory of the screenshots.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { page: address, partners, pictures } = JSON.parse(process.argv[2]);
const require = createRequire(`${partners}/node_modules/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const LANGUAGES = { he: "rtl", en: "ltr" };
const WIDTHS = [390, 1280];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const problems = [];
const wrong = (where, what) => problems.push(`${where}: ${what}`);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

for (const width of WIDTHS) {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) wrong("requests", `${request.url()} is asked for`);
    });
    page.on("console", (message) => wrong("console", message.text()));
    await page.goto(address);
    for (const [language, direction] of Object.entries(LANGUAGES)) {
      const where = `${language} ${width} ${colorScheme}`;
      await page.click(`label[for=show-${language}]`);
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
      const shape = await page.evaluate((id) => ({
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        dir: getComputedStyle(document.getElementById(id)).direction,
        shown: [...document.querySelectorAll(".page")].filter((one) => one.offsetParent !== null).map((one) => one.id),
      }), `in-${language}`);
      if (shape.overflow > 0) wrong(where, `scrolls sideways by ${shape.overflow} px`);
      if (shape.dir !== direction) wrong(where, `is read ${shape.dir}`);
      if (shape.shown.join() !== `in-${language}`) wrong(where, `shows ${shape.shown}`);
      const found = await page.evaluate(async ([source, rules]) => {
        new Function(source)();
        const result = await globalThis.axe.run({ runOnly: rules });
        return result.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 5).map((node) => node.html).join(" | ")}`);
      }, [axe, RULES]);
      for (const violation of found) wrong(where, violation);
      if (pictures) await page.screenshot({ path: `${pictures}/report-${language}-${width}-${colorScheme}.png`, fullPage: true });
    }
    await context.close();
  }
}

await browser.close();
console.log(problems.length === 0 ? "nothing is wrong" : problems.join("\n"));
process.exit(problems.length === 0 ? 0 : 1);
