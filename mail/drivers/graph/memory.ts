import { z } from 'zod';

const uid = z.int().positive();

const numberedIds = z.object({
	/** Stands for UIDVALIDITY. */
	epoch: z.string().regex(/^[1-9]\d{0,9}$/),
	next: uid,
	/** Numbers set aside for old messages: the next of them, and where they end. */
	old: z.tuple([uid, uid]),
	ids: z.array(z.tuple([uid, z.string().min(1)])),
});

export type NumberedIds = z.infer<typeof numberedIds>;

const folderMemory = z.object({
	/** Which folder of which mailbox, see `toPlace`. */
	place: z.string().min(1),
	numbers: numberedIds,
	/** Numbers of messages that the engine had not finished. */
	open: z.array(uid).optional(),
	/** Where the next look goes on, whole and opaque; absent before the first. */
	link: z.string().optional(),
	/** What was received before this, and is met in the first look, was there before we came; ms since 1970. */
	oldBefore: z.number(),
	/** When a look ended last, ms since 1970 by the dates of the mails. */
	lookedAt: z.number(),
	/** See `SeenIds`. */
	seen: z.string(),
	hasForgotten: z.boolean(),
});

/** What is kept of a folder between sessions: plain JSON. */
export type FolderMemory = z.infer<typeof folderMemory>;

/** Undefined for everything that was not kept by this driver for this folder: numbers then begin anew. */
export function readMemory(value: unknown, place: string): FolderMemory | undefined {
	const { data } = folderMemory.safeParse(value);
	return data?.place === place ? data : undefined;
}
