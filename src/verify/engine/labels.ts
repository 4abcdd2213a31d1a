// Room: verify/engine/. What the things that a run makes on the engine are marked with.

/** Every container and image of a run carries it; its value is the session's id. */
export const sessionLabel = 'dockerfile-mod.verify';
/** Its value is an owner as text: process/owner.ts. */
export const ownerLabel = 'dockerfile-mod.verify.owner';
