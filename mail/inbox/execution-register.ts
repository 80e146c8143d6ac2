import type { Checkpoint } from './checkpoint';
import type { OpenMail } from './open-mail';

/** An execution of an earlier process, whose end this one has to find out. */
export interface Orphan {
	readonly key: string;
	readonly mails: readonly OpenMail[];
	/** When to ask the host next, ms since 1970. */
	askAt: number;
	/** When it was asked first, ms since 1970. */
	askedSince: number | undefined;
	/** How often the host could not say anything. */
	unknowns: number;
}

/** Which mails of a folder are in an execution, by the key that it was asked for with. */
export class ExecutionRegister {
	readonly #mails = new Map<string, readonly OpenMail[]>();
	#orphans: Orphan[] = [];

	/** Executions of an earlier process that are not settled yet. */
	get orphans(): readonly Orphan[] {
		return this.#orphans;
	}

	/** The process that gave these is gone. */
	adopt(
		executions: Checkpoint['executions'],
		findMail: (uid: number) => OpenMail | undefined,
	): void {
		for (const [key, uids] of executions) {
			const mails = uids.flatMap((uid) => findMail(uid) ?? []);
			this.#mails.set(key, mails);
			this.#orphans.push({ key, mails, askAt: 0, askedSince: undefined, unknowns: 0 });
		}
	}

	add(key: string, mails: readonly OpenMail[]): void {
		this.#mails.set(key, mails);
	}

	has(mail: OpenMail): boolean {
		return [...this.#mails.values()].some((mails) => mails.includes(mail));
	}

	settle(orphan: Orphan): void {
		this.#orphans = this.#orphans.filter((other) => other !== orphan);
		this.#mails.delete(orphan.key);
	}

	/** Forgets the executions that have one of the mails. */
	forget(mails: readonly OpenMail[]): void {
		for (const [key, others] of this.#mails) {
			if (mails.some((mail) => others.includes(mail))) this.#mails.delete(key);
		}
	}

	toRecords(): Checkpoint['executions'] {
		return [...this.#mails].map(([key, mails]) => [
			key,
			mails.flatMap(({ uid }) => (uid === undefined ? [] : [uid])),
		]);
	}
}
