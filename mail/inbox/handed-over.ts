/**
 * Mails that an execution of this process holds, over all watches: when a workflow is saved while it works, the new
 * watch must not give again what the old one has given and will still acknowledge.
 */
export class HandedOver {
	readonly #ids = new Set<string>();

	has(watchKey: string, deliveryId: string): boolean {
		return this.#ids.has(`${watchKey} ${deliveryId}`);
	}

	add(watchKey: string, deliveryId: string): void {
		this.#ids.add(`${watchKey} ${deliveryId}`);
	}

	delete(watchKey: string, deliveryId: string): void {
		this.#ids.delete(`${watchKey} ${deliveryId}`);
	}
}

/** The one of this process. */
export const handedOver = new HandedOver();
