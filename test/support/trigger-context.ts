import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';

export interface TriggerContextOptions {
	readonly parameters?: Readonly<Record<string, unknown>>;
	readonly readPort: () => number;
	readonly activation?: string;
	/** Ends each execution; by default with success. */
	readonly emit?: (
		outputs: INodeExecutionData[][],
		done: { resolve(run: IRun | undefined): void; reject(error: Error): void } | undefined,
		key: string | undefined,
	) => void;
}

const success = { status: 'success' } as unknown as IRun;

/** n8n around an active Email Trigger: its credential may change while the trigger runs. */
export function createTriggerContext(
	staticData: Record<string, unknown>,
	{ parameters = {}, readPort, activation = 'activate', emit }: TriggerContextOptions,
): ITriggerFunctions {
	const ignore = () => undefined;
	return {
		logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
		getMode: () => 'trigger',
		getActivationMode: () => activation,
		getTimezone: () => 'UTC',
		getNode: () => ({ id: 'n1', name: 'Email Trigger', parameters }),
		getWorkflow: () => ({ id: 'w1' }),
		getWorkflowStaticData: () => staticData,
		getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
		getCredentials: async () => ({
			emailService: 'other',
			useFor: 'incoming',
			incomingHost: '127.0.0.1',
			incomingPort: readPort(),
			incomingSecurity: 'none',
			user: 'ada@example.com',
			password: 'secret',
		}),
		helpers: {
			createDeferredPromise: () => {
				let resolve: (run: IRun | undefined) => void = ignore;
				let reject: (error: Error) => void = ignore;
				const promise = new Promise((onDone, onFail) => {
					resolve = onDone;
					reject = onFail;
				});
				return { promise, resolve, reject };
			},
		},
		emit: (
			outputs: INodeExecutionData[][],
			_response: unknown,
			done: Parameters<NonNullable<typeof emit>>[1],
			key: string | undefined,
		) => (emit === undefined ? done?.resolve(success) : emit(outputs, done, key)),
	} as unknown as ITriggerFunctions;
}

/** Checkpoint files of the tests of a file go into a folder of their own. */
export function useUserFolder(): void {
	const former = process.env.N8N_USER_FOLDER;
	beforeEach(async () => {
		process.env.N8N_USER_FOLDER = await mkdtemp(join(tmpdir(), 'n8n-user-'));
	});
	afterEach(async () => {
		const folder = process.env.N8N_USER_FOLDER;
		if (former === undefined) delete process.env.N8N_USER_FOLDER;
		else process.env.N8N_USER_FOLDER = former;
		if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	});
}
