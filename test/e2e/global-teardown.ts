type Undo = () => Promise<void>;

/** Jest loads set-up and teardown as modules of their own, in one process. */
const KEY = Symbol.for('email-connectors.e2e.teardown');
const store: typeof globalThis & { [KEY]?: Undo[] } = globalThis;

export function atTeardown(undo: Undo): void {
	(store[KEY] ??= []).push(undo);
}

/** Undoes what the set-up did, last first. */
export default async function tearDown(): Promise<void> {
	for (const undo of (store[KEY] ?? []).splice(0).reverse()) await undo();
}
