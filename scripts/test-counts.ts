// Reads Vitest's JSON report (first argument). Standard output: how many tests passed and how many failed, a suite that failed without a
// failing test counted as one. Standard error: each failure's file, name and first lines.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Report;
const failures: [string, string][] = [];
for (const suite of report.testResults) {
  const failing = suite.assertionResults.filter((test) => test.status === 'failed');
  const file = relative('.', suite.name);
  for (const test of failing) failures.push([`${file} > ${test.fullName}`, test.failureMessages.join('\n')]);
  if (suite.status === 'failed' && failing.length === 0) failures.push([file, suite.message ?? '']);
}
for (const [name, message] of failures) {
  const lines = message.split('\n').slice(0, 30);
  console.error([name, ...lines.map((line) => `    ${line}`)].join('\n'));
}
console.log(report.numPassedTests, failures.length);
