/** What became of one piece of work. */
export type Settled<T> =
	| { readonly status: 'done'; readonly value: T }
	| { readonly status: 'failed'; readonly error: unknown }
	/** Not begun, because the run was stopped before. */
	| { readonly status: 'skipped' };

export interface BatchOptions<T> {
	/** Pieces at a time. */
	readonly limit: number;
	work(index: number): Promise<T>;
	/** Asked before each piece: true begins no further one. What has begun is finished. */
	isStopped(): boolean;
	/** Told of each failure at once. */
	onFailure(error: unknown): void;
}

/** Works on `count` pieces, several at a time, begun in their order. The results are in that order too. Never throws. */
export async function runBatch<T>(count: number, options: BatchOptions<T>): Promise<Settled<T>[]> {
	const results: Settled<T>[] = Array.from({ length: count }, () => ({ status: 'skipped' }));
	let next = 0;
	const lane = async () => {
		while (next < count && !options.isStopped()) {
			const index = next++;
			try {
				results[index] = { status: 'done', value: await options.work(index) };
			} catch (error) {
				results[index] = { status: 'failed', error };
				options.onFailure(error);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(count, options.limit) }, lane));
	return results;
}
