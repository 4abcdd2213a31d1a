// Makefiles as commands: a row a case, the text, the goals, and the lines that make would give a shell. `…` stands for what is not known.
import { describe, expect, test } from 'vitest';
import { parseShell } from '../../src/dockerfile/shell.ts';
import { allOf, effectsOfScript } from '../../src/effects/effects.ts';
import { knowledgeWith } from '../../src/effects/managers.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { UNTOLD, madeBy } from '../../src/effects/make/run.ts';

const files: Record<string, string> = { '/app/more.mk': 'MORE = m\n', '/app/there': 'x', '/app/prog.c': 'x' };
const lines = (text: string, goals: string[] = [], given: [string, string][] = [], env: Record<string, string> = {}): string[] | string => {
  const made = madeBy({
    path: '/app/Makefile',
    text,
    cwd: '/app',
    goals,
    given,
    env: (name) => (env[name] === undefined ? undefined : { value: env[name] }),
    read: (path) => files[path],
  });
  return 'unknown' in made ? made.unknown : made.lines.map((line) => line.text.replaceAll(`\${${UNTOLD}}`, '…'));
};

describe('what make runs', () => {
  test.each<[string, string[], string[] | string]>([
    ['a:\n\techo a\nb:\n\techo b\n', [], ['echo a']],
    ['a:\n\techo a\nb:\n\techo b\n', ['b', 'a', 'b'], ['echo b', 'echo a']],
    ['.DEFAULT_GOAL := b\na:\n\techo a\nb:\n\techo b\n', [], ['echo b']],
    ['.hidden:\n\techo h\na: b c\n\techo a\nb: c\n\techo b\nc:\n\techo c\n', [], ['echo c', 'echo b', 'echo a']],
    ['a: | b\n\techo $@ $< $^\nb:\n', [], ['echo a b b']],
    ['a: b ; @echo $(@D)/$(<F)\nb:\n\t-@rm x\n', [], ['rm x', 'echo ./b']],
    ['Q = @\nX := 1\nY = $(X)$(Z)\nX += 2\nZ ::= 3\nX ?= 4\na:\n\t$(Q)echo $(X) ${Y} $Z $$HOME\n', [], ['echo 1 2 1 23 3 $HOME']],
    ['a:\n\techo one \\\n\t  two\n\n# said\n\techo three # kept\n', [], ['echo one \\\n  two', 'echo three # kept']],
    ['V = $(shell git describe)\na:\n\tgo build -X "v=$(V)" -Y \'w=$(V)\'\n', [], ['git describe', 'go build -X "v=…" -Y \'w=\'"…"\'\'']],
    ['D := $(shell pwd)/$(notdir x/y.c)$(subst a,b,aXa)\na:\n\techo $(D:.c=.o) $(D)\n', [], ['pwd', 'echo /app/y.cbXb /app/y.cbXb']],
    [
      'S = a.c b.c\na:\n\techo $(S:.c=.o) $(patsubst %.c,o/%.o,$(S)) $(filter-out a.%,$(S)) $(addprefix x/,$(S))\n',
      [],
      ['echo a.o b.o o/a.o o/b.o b.c x/a.c x/b.c'],
    ],
    ['ifdef X\na:\n\techo x\nelse ifeq ($(Y),)\na:\n\techo none\nelse\na:\n\techo y\nendif\n', [], ['echo none']],
    ['ifneq "$(X)" "x"\nifeq (a,b)\nZ=1\nelse\nZ=2\nendif\nendif\na:\n\techo $(Z)\n', [], ['echo 2']],
    ['define two\necho 1\necho $(1)\nendef\na:\n\t$(two)\n\t$(call two,x)\n', [], ['echo 1', 'echo ', 'echo 1', 'echo x']],
    ['a: X = 1\na: b\n\techo $(X)\nb:\n\techo b$(X)\nc: b\n\techo c$(X)\n', ['a', 'c'], ['echo b1', 'echo 1', 'echo c']],
    ['include more.mk\n-include none.mk\na:\n\techo $(MORE)\n', [], ['echo m']],
    ['a::\n\techo 1\na::\n\techo 2\n', [], ['echo 1', 'echo 2']],
    ['a:\n\techo 1\na:\n\techo 2\n', [], ['echo 2']],
    ['a: $(wildcard *.go) there\n\techo a\n', [], ['echo a']],
    ['a b &: c\n\techo $@\nc:\n', ['b'], ['echo b']],
    ['a:\n\t$(MAKE) -C sub b\n', [], ['make -C sub b']],
    ['%.o: %.c\n\tcc $<\na:\n\techo a\n', ['a'], ['echo a']],
    // what cannot be told
    ['%.o: %.c\n\tcc $<\na: x.o\n\techo a\n', ['a'], 'has a rule for %.o'],
    ['a: prog\n\techo a\nprog:\n', ['a'], 'makes prog of prog.c by a rule of its own'],
    ['a: prog.o\n\techo a\n', ['a'], 'makes prog.o of prog.c by a rule of its own'],
    ['a: *.go there.o\n\techo $^\n', ['a'], ['echo … there.o']],
    ['a:\n\techo $(PATH) $(MAKEFILE_LIST)\n', ['a'], ['echo …  Makefile']],
    ['MAKEFLAGS += --no-print-directory -s\na:\n\techo a\n', ['a'], ['echo a']],
    ['MAKEFLAGS += -n\na:\n\techo a\n', ['a'], 'sets MAKEFLAGS'],
    ['ifndef X\n$(error X is not set)\nendif\na:\n\techo a\n', ['a'], 'uses $(error …)'],
    ['A := $(if $(shell which go),go,$(error no go))\na:\n\techo $(A)\n', ['a'], ['which go', 'echo …']],
    ['.PHONY: prog\na: prog\n\techo a\nprog:\n', ['a'], ['echo a']],
    ['a: $(shell cat list)\n\techo a\n', [], 'needs targets whose names are computed'],
    ['$(shell x)/tool:\n\techo t\na:\n\techo a\n', ['a'], ['x', 'echo a']],
    ['$(shell x):\n\techo t\na:\n\techo a\n', ['a'], 'has a rule for …'],
    ['$(eval a: ; echo)\na:\n\techo a\n', ['a'], 'uses $(eval …)'],
    ['F = $(eval X=1)\na:\n\techo a\nb:\n\techo $(F)\n', ['a'], ['echo a']],
    ['F = $(eval X=1)\na:\n\techo a\nb:\n\techo $(F)\n', ['b'], 'uses $(eval …)'],
    ['ifeq ($(shell uname),Linux)\nX = 1\nelse\nX = 2\nendif\na:\n\techo $(X)\n', [], ['uname', 'echo …']],
    ['ifeq ($(shell uname),Linux)\nb: c\nendif\nc:\n\techo c\na:\n\techo a\n', ['a'], ['uname', 'echo a']],
    ['ifeq ($(shell uname),Linux)\na: c\nendif\na:\n\techo a\n', ['a'], 'has a rule that a condition decides'],
    ['include $(shell x).mk\na:\n', ['a'], 'includes files whose names are computed'],
    ['ifeq ($(origin .RECIPEPREFIX), undefined)\n$(error old)\nendif\n.RECIPEPREFIX = >\na:\n> echo a\n\tX = 1\n', ['a'], ['echo a']],
    ['.RECIPEPREFIX = $(X)\na:\n> echo a\n', ['a'], 'sets .RECIPEPREFIX'],
    ['A = $(B)$(B)\nB = $(C)$(C)\nC = $(A)\na:\n\techo $(A)\n', [], 'is too deep in its variables'],
    ['a: %.x: %.y\n\techo a\n', ['a'], 'has a rule with a pattern'],
  ])('%j %j', (text, goals, expected) => {
    expect(lines(text, goals)).toEqual(expected);
  });

  test('variables of the environment and of the command line', () => {
    const text = 'A = file\nB ?= file\nC = file\nexport D = $(A)\na:\n\techo $(A) $(B) $(C) $(E)\n';
    expect(lines(text, [], [['C', 'line']], { A: 'env', B: 'env', C: 'env', E: 'env' })).toEqual(['echo file env line env']);
    const made = madeBy({
      path: '/app/Makefile',
      text,
      cwd: '/app',
      goals: [],
      given: [['C', 'line']],
      env: (name) => (name === 'A' ? { value: 'x' } : undefined),
      read: () => undefined,
    });
    expect('lines' in made && [...(made.lines[0]?.env ?? [])]).toEqual([
      ['C', { value: 'line' }],
      ['A', { value: 'file' }],
      ['D', { value: 'file' }],
      ['MAKEFLAGS', { value: 'C=line' }],
    ]);
  });

  test('names of variables that are computed may be exported, or not', () => {
    const made = madeBy({
      path: '/app/Makefile',
      text: 'A = 1\nexport B = 2\nexport $(shell names)\na:\n\techo a\n',
      cwd: '/app',
      goals: [],
      given: [],
      env: () => undefined,
      read: () => undefined,
    });
    expect('lines' in made && [...(made.lines.at(-1)?.env ?? [])]).toEqual([
      ['A', { unknown: 'A may be exported' }],
      ['B', { value: '2' }],
    ]);
  });

  test('a text that doubles itself, or nests, comes to an end', () => {
    const doubling = Array.from({ length: 60 }, (_, n) => `V${String(n + 1)} = $(V${String(n)})$(V${String(n)})`).join('\n');
    expect(lines(`V0 = x\n${doubling}\na:\n\techo $(V60)\n`)).toBe('is too deep in its variables');
    expect(lines(`a:\n\techo ${'$('.repeat(20_000)}\n`)).toBe('has a reference without its end');
    expect(lines(`${'ifdef X\n'.repeat(5000)}a:\n`, ['a'])).toEqual([]);
  });

  test('makefiles and scripts that start themselves several times come to an end', () => {
    const texts: Record<string, string> = {
      '/app/Makefile': `a:\n${'\t$(MAKE) a\n'.repeat(40)}`,
      '/app/a.sh': `#!/bin/sh\n${'./a.sh\n'.repeat(40)}`,
    };
    const state = { cwd: '/app', home: '/root', lookup: () => undefined, read: (path: string) => texts[path] };
    for (const text of ['make a', './a.sh']) {
      const all = allOf(effectsOfScript(parseShell(text), state, knowledgeWith(ecosystems)));
      expect(all.length).toBeLessThan(40_000);
      expect(all[0]?.startsUnknown).toBe('is nested too deep');
    }
  });
});
