import type { UidRanges } from './uid-set';

/**
 * Where an open mail stands. `due`: waits for its turn. `reading`: asked for from the server. `given`: an execution has
 * it. `ended`: that execution is over; what remains is the mark at the server.
 */
export type Phase = 'due' | 'reading' | 'given' | 'ended';

/** What is known of an open mail beyond its UID, once something was done with it. */
export interface MailRecord {
	readonly uid: number;
	readonly phase: Phase;
	/** How often it was given to an execution. */
	readonly attempts: number;
	/** How often it was itself to blame: it could not be read, or the workflow failed with it alone. */
	readonly faults: number;
	/** How often the connection or the process ended while it was read. */
	readonly losses: number;
	/** See `toDigest`; absent until it was read. */
	readonly digest?: string;
	/** See `IncomingMessage.deliveryId`; absent until it was given. */
	readonly deliveryId?: string;
}

/**
 * What is remembered of one folder of one account between two starts. Every UID below `frontier` has been seen;
 * of these, `open` still wait for the end of an execution. A checkpoint that is older than the truth is harmless:
 * mail is looked at again.
 */
export interface Checkpoint {
	/** Grows with every change: of two copies the one with the higher revision is the truth. */
	readonly revision: number;
	readonly uidValidity: string;
	readonly frontier: number;
	readonly open: UidRanges;
	/** Those of `open` that something was done with. */
	readonly mails: readonly MailRecord[];
	/** The executions that the given mails are in, by their keys. */
	readonly executions: ReadonlyArray<readonly [key: string, uids: readonly number[]]>;
	/** INTERNALDATE of the newest mail taken, ms since 1970; where to go on after UIDVALIDITY changed. */
	readonly newestReceivedAt: number;
	/** Digests of the mails finished last, oldest first, by which they are known after UIDVALIDITY changed. */
	readonly finished: readonly string[];
	/** What the driver wants to find again, see `MailboxSession.toMemory`. */
	readonly driverMemory?: unknown;
}

/** Where the host keeps checkpoints. */
export interface CheckpointStore {
	/** When the folder was first watched, ms since 1970. */
	readonly startedAt: number;
	/** True when the folder was watched in an earlier life of the process of which nothing is remembered. */
	readonly lost: boolean;
	load(): Checkpoint | undefined;
	/** Resolves when a killed process would find it again, as far as the host can provide that. Never throws. */
	save(checkpoint: Checkpoint): Promise<void>;
}
