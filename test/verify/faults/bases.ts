// test/verify/faults: images that applications stand on: one that no registry has, and a base with musl and without glibc, made of Debian's packages, in place of Alpine.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError, type Engine } from '../../../src/verify/types.ts';
import { muslImage } from './faults.ts';

/** musl's linker with a static shell: https://packages.debian.org/bookworm/musl, https://packages.debian.org/bookworm/busybox-static */
const text = `FROM debian:bookworm-slim AS packages
RUN apt-get update && apt-get install -y --no-install-recommends musl busybox-static
RUN mkdir -p /base/bin /base/lib /base/etc \\
 && cp -L /lib/ld-musl-*.so.1 /base/lib/ && cp "$(command -v busybox)" /base/bin/busybox \\
 && ln -s busybox /base/bin/sh && cp /etc/passwd /etc/group /base/etc/

FROM scratch
COPY --from=packages /base /
CMD ["/bin/sh"]
`;

/** Makes it; removes it again with `remove`. */
export const makeMuslImage = (engine: Engine): Promise<Base> => makeBase(engine, { tag: muslImage, dockerfile: text });

/** An image that is there until it is removed. */
interface Base {
  remove(): Promise<void>;
}

/** Makes an image of a Dockerfile without a context. Throws an EngineError when it does not build. */
export async function makeBase(engine: Engine, { tag, dockerfile }: { tag: string; dockerfile: string }): Promise<Base> {
  const directory = await mkdtemp(join(tmpdir(), 'dockerfile-mod-faults-base-'));
  try {
    await writeFile(join(directory, 'Dockerfile'), dockerfile);
    const ran = await engine.run(['build', '--tag', tag, directory], { timeout: 600_000 });
    if (ran.code !== 0) throw new EngineError({ kind: 'build-failed', message: `${tag} does not build`, hint: undefined, log: ran.stderr });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return {
    async remove() {
      await engine.run(['image', 'rm', tag], { timeout: 60_000 });
    },
  };
}
