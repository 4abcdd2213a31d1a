// What commands do: one row a case, in words: what it does, then `w` writes, `x` removes, `r` reads; `?` says that there may be more.
import { describe, expect, test } from 'vitest';
import { parseShell } from '../../src/dockerfile/shell.ts';
import { effectsOfScript } from '../../src/effects/effects.ts';
import type { Effects, Places, ShellState } from '../../src/effects/types.ts';
import { knowledgeWith } from '../../src/effects/managers.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';

const knowledge = knowledgeWith(ecosystems);

const files: Record<string, string> = {
  '/app/install.sh': '#!/bin/sh\npip install flask\n',
  '/app/tidy.js': 'console.log(1);\n',
  '/app/far.js': 'require("./x");\n',
  '/jobs.cron': '* * * * * date\n',
  '/app/jobs.cron': '* * * * * date\n',
};
const state: ShellState = {
  cwd: '/app',
  home: '/root',
  lookup: (name) => (name === 'DIR' ? { value: '/srv' } : undefined),
  read: (path) => files[path],
};
const shown = (mark: string, { known, unknown }: Places): string[] => {
  const all = known.map(({ path, below }) => (below ? `${path}/**` : path));
  return all.length > 0 || unknown !== undefined ? [`${mark} ${[...all, ...(unknown === undefined ? [] : ['?'])].join(' ')}`] : [];
};
const told = (e: Effects): string =>
  [
    ...e.wrappers.map((w) => `(${w.program}${w.user === undefined ? '' : ` as ${w.user}`})`),
    e.does.kind === 'package' ? `${e.does.manager} ${e.does.what}` : e.does.kind,
    ...shown('w', e.writes),
    ...shown('x', e.removes),
    ...shown('r', e.reads),
  ].join('; ');
const effects = (text: string): string[] => effectsOfScript(parseShell(text), state, knowledge).map(told);

describe('effects', () => {
  test.each([
    ['echo hi', 'nothing'],
    ['echo hi > /etc/app.conf', 'nothing; w /etc/app.conf'],
    ['echo hi | tee -a log.txt', 'nothing', 'files; w /app/log.txt'],
    ['cat <<EOF > /etc/x\nhi\nEOF', 'nothing; w /etc/x'],
    ['echo hi > $FILE', 'nothing; w ?'],
    ['echo hi > $DIR/x', 'nothing; w /srv/x'],
    ['mkdir -p a /b', 'files; w /app/a /b'],
    ['echo "$(cat VERSION)" > v', 'nothing; w /app/v; r /app/VERSION/**'],
    ['V=`./v.sh`', 'nothing; w ?; x ?; r ?'],
    ['test -f a && [ "$B" = c ]', 'nothing; r /app/a', 'nothing'],
    ["trap 'rm -f .npmrc' EXIT", 'state; x /app/.npmrc/**'],
    [
      'npm i -g pm2',
      'npm install-named; w /usr/local/lib/node_modules/** /usr/local/bin/** /usr/local/share/man/** /usr/local/share/.config/** /usr/local/share/.cache/** /root/.npm/** /root/.cache/** /root/.local/** /root/.config/** /root/.yarn/** /root/.bun/**',
    ],
    ['npm cache clean --force', 'clean; x /root/.npm/**'],
    ['go install example.com/x@v1', 'go install-named; w /go/** /root/go/** /root/.cache/go-build/**'],
    ['cd /srv && touch x', 'state', 'files; w /srv/x'],
    ['crontab -u root jobs.cron', 'configure; w /var/spool/cron/**; r /app/jobs.cron'],
    ['cd / && crontab jobs.cron', 'state', 'configure; w /var/spool/cron/**; r /jobs.cron'],
    ['crontab other.cron', 'configure; w /var/spool/cron/**'],
    ['openssl x509 -in certs/a.pem -out /etc/a.pem', 'configure; w /etc/a.pem; r /app/certs/a.pem'],
    ['gpg --homedir=/k --import a.d/key.asc', 'configure; w /root/.gnupg/**; r /k /app/a.d/key.asc'],
    ['cp a b/', 'files; w /app/b/**; r /app/a/**'],
    ['mv a /b', 'files; w /b/**; x /app/a/**; r /app/a/**'],
    ['rm -rf ~/.cache /tmp/*', 'files; x /root/.cache/** /tmp/**'],
    ['chown -R app:app /app', 'own; w /app/**'],
    ['sed -i s/a/b/ /etc/x', 'files; w /etc/x; r /etc/x'],
    ['sed s/a/b/ /etc/x', 'nothing; r /etc/x'],
    ['tar -xzf a.tgz -C /opt', 'unpack; w /opt/**; r /app/a.tgz'],
    ['tar xzf a.tgz', 'unpack; w /app/**; r /app/a.tgz'],
    ['unzip -q a.zip -d /opt', 'unpack; w /opt/**; r /app/a.zip'],
    ['curl -fsSLo /bin/probe https://example.com/p', 'fetch; w /bin/probe'],
    ['curl -fsSL https://example.com/p', 'fetch'],
    ['curl -sO https://example.com/a.tgz', 'fetch; w /app/a.tgz'],
    ['wget "https://example.com/a.tgz?x=1"', 'fetch; w /app/**'],
    ['wget -qO- https://example.com | sh', 'fetch', 'unknown; w ?; r ?'],
    ['git clone https://example.com/x/tool.git', 'fetch; w /app/tool/**'],
    ['git config --global user.name x', 'configure; w /root/.gitconfig'],
    ['git describe --tags', 'nothing; r /app/**'],
    ['useradd -m web', 'users; w /etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/subuid /etc/subgid /home/web/**'],
    ['make install', 'build; w ?; r ?'],
    ['frobnicate', 'unknown; w ?; x ?; r ?'],
    ['$TOOL x', 'unknown; w ?; x ?; r ?', 'unknown; w ?; x ?; r ?'],
    ['sudo -u web mkdir a', '(sudo as web); files; w /app/a'],
    ['env A=b timeout 60 nice mkdir a', '(env); (timeout); (nice); files; w /app/a'],
    ['command -v npm', 'nothing'],
    ['sh -c "echo a > /etc/x"', 'nothing; w /etc/x'],
    ['bash -lc "frobnicate"', 'nothing; w ?; x ?; r ?'],
    ['find /var/log -name x -delete', 'files; x /var/log/**; r /var/log/**'],
    ['ls | xargs rm -rf', 'nothing', '(xargs); files; x ?; r ?'],
    [
      'npm ci',
      'npm install; w /usr/local/lib/node_modules/** /usr/local/bin/** /usr/local/share/man/** /usr/local/share/.config/** /usr/local/share/.cache/** /root/.npm/** /root/.cache/** /root/.local/** /root/.config/** /root/.yarn/** /root/.bun/** /app/**; r /app/**',
    ],
    ['./install.sh', 'nothing; w /usr/local/** /root/.cache/** /root/.local/**; r /app/install.sh'],
    ['node tidy.js', 'build; w /app/**; r /app/**'],
    ['node far.js', 'unknown; w ?; r ?'],
    ['python -c "import nltk"', 'unknown; w ?; r ?'],
    ['python -m venv /opt/venv', 'files; w /opt/venv/**'],
    ['node --version', 'nothing'],
  ] as [string, ...string[]][])('%s', (text, ...expected) => {
    expect(effects(text)).toEqual(expected);
  });
  test('a script with branches: every command that is seen, without the directory between them', () => {
    expect(effects('if true; then cd /srv; fi; touch x')).toEqual(['nothing', 'state', 'files; w ?']);
  });
  test('a text that is no shell is one unknown', () => {
    expect(effects('eval "$X"')).toEqual(['unknown; w ?; x ?; r ?', 'unknown; w ?; x ?; r ?']);
  });
});
