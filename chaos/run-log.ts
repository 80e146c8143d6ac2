import { appendFileSync } from 'node:fs';
import type { Outage } from './evidence';

export interface Note {
	readonly t: number;
	readonly what: string;
	readonly detail: Readonly<Record<string, unknown>>;
}

/** All that a run does, in memory and as lines of JSON in a file. */
export class RunLog {
	readonly notes: Note[] = [];
	readonly #outages: Array<{ what: string; from: number; to?: number }> = [];

	constructor(private readonly file: string) {}

	note(what: string, detail: Note['detail'] = {}): number {
		const t = Date.now();
		this.notes.push({ t, what, detail });
		appendFileSync(this.file, `${JSON.stringify({ t, what, ...detail })}\n`);
		return t;
	}

	/** Begins a time in which nothing can be expected of the trigger. Returns what ends it. */
	beginOutage(what: string, detail: Note['detail'] = {}): () => void {
		const outage: { what: string; from: number; to?: number } = {
			what,
			from: this.note(what, detail),
		};
		this.#outages.push(outage);
		return () => {
			outage.to ??= this.note(`${what} over`);
		};
	}

	/** Those that are not over end at `now`. */
	outages(now: number): Outage[] {
		return this.#outages.map(({ what, from, to = now }) => ({ what, from, to }));
	}

	times(what: string): number[] {
		return this.notes.filter((note) => note.what === what).map(({ t }) => t);
	}

	/** What happened in a span of time, for the history of a mail. */
	between(from: number, to: number): Note[] {
		return this.notes.filter(({ t }) => t >= from && t <= to);
	}
}
