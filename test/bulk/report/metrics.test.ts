// Prometheus' text format, and what is counted at the door to the forge.
import { expect, it } from 'vitest';
import { metricsText } from '../../../src/bulk/report/metrics.ts';
import { newRecord } from '../../../src/bulk/journal/fold.ts';
import { countedPace, noTraffic } from '../../../src/forge/traffic.ts';
import { createPace, defaultLimits } from '../../../src/forge/pace.ts';
import { virtualClock } from '../../forge/clock.ts';

it('has a line for each state, class and limit', () => {
  const failure = { kind: 'timeout', message: 'm', retryable: true };
  const pull = { number: 1, url: 'u', state: 'open' } as const;
  const records = new Map(
    [
      { ...newRecord('h/a/1'), state: 'open' as const, pull },
      { ...newRecord('h/a/2'), state: 'open' as const, pull },
      { ...newRecord('h/a/3'), state: 'failed' as const, failure },
      // A failure that is over is none.
      { ...newRecord('h/a/4'), failure: { ...failure, kind: 'od"d\\\n' } },
      { ...newRecord('h/a/5'), state: 'dead' as const, failure: { ...failure, kind: 'od"d\\\n' } },
    ].map((record) => [record.repo, record] as const),
  );
  const traffic = { ...noTraffic(), requests: { read: 7, content: 3 }, sleepsUntil: 5_000 };
  traffic.waits.secondary = { count: 2, seconds: 90.5 };
  const text = metricsText({ campaign: 'c', records, traffic, at: 2_500, run: 'active' });
  expect(text.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
    'dockerfile_mod_repositories{campaign="c",state="dead"} 1',
    'dockerfile_mod_repositories{campaign="c",state="discovered"} 1',
    'dockerfile_mod_repositories{campaign="c",state="failed"} 1',
    'dockerfile_mod_repositories{campaign="c",state="open"} 2',
    'dockerfile_mod_failed_repositories{campaign="c",kind="od\\"d\\\\\\n"} 1',
    'dockerfile_mod_failed_repositories{campaign="c",kind="timeout"} 1',
    'dockerfile_mod_pull_requests{campaign="c",state="open"} 2',
    'dockerfile_mod_requests_total{campaign="c",kind="read"} 7',
    'dockerfile_mod_requests_total{campaign="c",kind="content"} 3',
    'dockerfile_mod_waits_total{campaign="c",limit="primary"} 0',
    'dockerfile_mod_waits_total{campaign="c",limit="secondary"} 2',
    'dockerfile_mod_wait_seconds_total{campaign="c",limit="primary"} 0',
    'dockerfile_mod_wait_seconds_total{campaign="c",limit="secondary"} 90.5',
    'dockerfile_mod_waits_until_timestamp_seconds{campaign="c"} 5',
    'dockerfile_mod_run_active{campaign="c"} 1',
    'dockerfile_mod_written_timestamp_seconds{campaign="c"} 2.5',
    '',
  ]);
  const names = [...text.matchAll(/^# (?:HELP|TYPE) (\S+)/gm)].map(([, name]) => name);
  expect(names).toHaveLength(18);
  expect(text).toContain('# TYPE dockerfile_mod_requests_total counter\n');
});

it('says nothing of what there is none of', () => {
  const text = metricsText({ campaign: 'c', records: new Map(), traffic: noTraffic(), at: 0, run: 'ended' });
  expect(text).not.toContain('repositories');
  expect(text).toContain('dockerfile_mod_waits_until_timestamp_seconds{campaign="c"} 0\n');
});

it('counts requests that passed, and times that overlap once', async () => {
  const clock = virtualClock(1_000_000);
  const traffic = noTraffic();
  const pace = countedPace(createPace({ ...defaultLimits, clock }), traffic, clock.now);
  await clock.run(pace.take('read'));
  await clock.run(pace.take('content'));
  const now = clock.now();
  pace.sleepUntil(now + 60_000, 'secondary');
  pace.sleepUntil(now + 30_000, 'secondary');
  pace.sleepUntil(now + 90_000, 'primary');
  const stop = new AbortController();
  const never = pace.take('content', stop.signal);
  stop.abort(new Error('interrupted'));
  await expect(never).rejects.toThrow('interrupted');
  expect(traffic).toEqual({
    requests: { read: 1, content: 1 },
    waits: { secondary: { count: 1, seconds: 60 }, primary: { count: 1, seconds: 30 } },
    sleepsUntil: now + 90_000,
  });
});
