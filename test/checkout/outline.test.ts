// What a person compares of a Dockerfile before and after.
import { describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';

describe('outline', () => {
  it('tells stages, base, user and cache mounts of the last stage', () => {
    const source = [
      'FROM node:22 AS builder',
      'RUN --mount=type=cache,target=/root/.npm --mount=type=bind,target=/x npm ci',
      'FROM node:22-slim AS base',
      'USER 1000:1000',
      'FROM base',
      'RUN --mount=type=cache,target=/root/.npm npm ci',
    ].join('\n');
    expect(core.outline(source)).toEqual({ stages: 3, base: 'node:22-slim', baseBytes: 250e6, user: '1000:1000', cacheMounts: 2 });
  });

  it('knows about how large published bases are, and nothing of others', () => {
    const sizeOf = (image: string): number | undefined => core.outline(`FROM ${image}\n`)?.baseBytes;
    expect(['golang:1.24', 'python:3.13-slim-bookworm', 'scratch', 'gcr.io/distroless/static-debian12'].map(sizeOf)).toEqual([
      900e6, 150e6, 0, 2e6,
    ]);
    expect(['registry.example/node:22', 'php:8', 'own', '$BASE'].map(sizeOf)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('takes the user of a known image, and none of an unknown one', () => {
    expect(core.outline('FROM node:22\n')?.user).toBe('root');
    expect(core.outline('FROM registry.example/own\n')?.user).toBeUndefined();
  });

  it('answers nothing for what is no Dockerfile', () => {
    expect(core.outline('RUN true\n')).toBeUndefined();
  });
});
