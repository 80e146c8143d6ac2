type Undo = () => Promise<void>;

/** What has to be undone at the end, in reverse order; one failing step does not keep the others from running. */
export class Cleanup {
	readonly #steps: Undo[] = [];

	add(undo: Undo): void {
		this.#steps.push(undo);
	}

	async run(): Promise<void> {
		for (const undo of this.#steps.splice(0).reverse()) {
			await undo().catch((error: unknown) => console.error('While stopping:', error));
		}
	}
}

/** Aborts at the first Ctrl-C or polite kill; at the second Ctrl-C the program ends at once. */
export function abortOnSignals(): AbortSignal {
	const controller = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => {
			if (controller.signal.aborted && name === 'SIGINT') process.exit(130);
			controller.abort();
		});
	}
	return controller.signal;
}
