import type { UidRanges } from './uid-set';

/**
 * What is remembered of one folder of one account between two starts. Every UID below `frontier` has been seen;
 * of these, `open` still wait for the end of an execution. A checkpoint that is older than the truth is harmless:
 * mail is looked at again.
 */
export interface Checkpoint {
	readonly uidValidity: string;
	readonly frontier: number;
	readonly open: UidRanges;
	/** How often an open mail was given to an execution whose end is not known. */
	readonly given: ReadonlyArray<readonly [uid: number, attempts: number]>;
	/** The executions that these mails were given to, by their keys. */
	readonly executions: ReadonlyArray<readonly [key: string, uids: readonly number[]]>;
	/** INTERNALDATE of the newest mail taken, ms since 1970; where to go on after UIDVALIDITY changed. */
	readonly newestReceivedAt: number;
}

/** Where the host keeps checkpoints. Both calls are synchronous: what is saved becomes durable with the next execution. */
export interface CheckpointStore {
	/** When the folder was first watched, ms since 1970; set by the first call. */
	readonly startedAt: number;
	/** True when the folder was watched in an earlier life of the process of which nothing is remembered. */
	readonly lost: boolean;
	load(): Checkpoint | undefined;
	save(checkpoint: Checkpoint): void;
}
