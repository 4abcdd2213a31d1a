// Room: bulk/. Limits of what is written without a client that knows them.

/** Characters of a body where there is no forge: Azure DevOps has the smallest limit (4,000). Source: Renovate's platform modules, maxBodyLength. */
export const maxBodyOf = { git: 4_000 } as const;
