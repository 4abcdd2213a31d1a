// npm's `prepare`: builds dist/ in a clone. Where the package is installed from git for the whole machine (`npm install -g git+…`, as
// pre-commit does), npm leaves the development dependencies out: its `global` holds for the install of the clone as well.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const { npm_execpath: npm, npm_config_global: _, npm_config_location: __, ...env } = process.env;
const run = (...args) =>
  npm === undefined
    ? execFileSync('npm', args, { stdio: 'inherit', env })
    : execFileSync(process.execPath, [npm, ...args], { stdio: 'inherit', env });
if (!existsSync('node_modules/tsx')) run('ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund');
run('run', 'build:js');
