import { createExecutionRecords } from '../../../nodes/bridge/execution-record';
import { EXECUTION_RECORD_MS } from '../../../mail/limits';

interface Stored {
	readonly status: string;
	readonly deletedAt?: Date | null;
	/** What the repository answers when it is asked for the execution with its data. */
	readonly data?: unknown;
}

interface HostOptions {
	readonly executions?: Readonly<Record<string, Stored>>;
	readonly columns?: readonly string[];
	readonly findOne?: () => Promise<unknown>;
	readonly missing?: string;
}

/** n8n's packages as the program of a running n8n would load them. */
function createHost({ executions = {}, missing, ...options }: HostOptions) {
	const { columns = ['id', 'status', 'deduplicationKey'], findOne } = options;
	const queries: unknown[] = [];
	const loaded: string[] = [];
	const repository = {
		metadata: {
			findColumnWithPropertyName: (name: string) =>
				columns.includes(name) ? { propertyName: name } : undefined,
		},
		findOne: async (query: { where: { deduplicationKey: string } }) => {
			queries.push(query);
			if (findOne !== undefined) return await findOne();
			const key = query.where.deduplicationKey;
			const found = executions[key];
			if (found === undefined) return null;
			return { id: key, status: found.status, deletedAt: found.deletedAt ?? null };
		},
		findSingleExecution: async (id: string) => executions[id]?.data,
	};
	const ExecutionRepository = Symbol('the class');
	const packages: Readonly<Record<string, unknown>> = {
		'@n8n/di': {
			Container: {
				get: (service: unknown) => (service === ExecutionRepository ? repository : undefined),
			},
		},
		'@n8n/db': { ExecutionRepository },
	};
	const load = (name: string): unknown => {
		loaded.push(name);
		if (name === missing) throw new Error(`Cannot find module '${name}'`);
		return packages[name];
	};
	const lines: string[] = [];
	const line = (message: string): void => void lines.push(message);
	const log = { debug: line, info: line, warn: line, error: line };
	return { records: createExecutionRecords(log, load), queries, loaded, lines };
}

const withNodes = (...names: string[]) => ({
	data: {
		resultData: {
			lastNodeExecuted: names.at(-1),
			runData: Object.fromEntries(names.map((name) => [name, []])),
		},
	},
});

describe('the record of an execution', () => {
	it.each([
		['success', 'finished'],
		['canceled', 'finished'],
		['waiting', 'finished'],
		['crashed', 'interrupted'],
		['new', 'underWay'],
		['running', 'underWay'],
		['unknown', 'underWay'],
		['a status of a later n8n', 'unknown'],
	])('of status %s says: %s', async (status, state) => {
		const { records } = createHost({ executions: { key: { status } } });
		expect(await records.find('key')).toBe(state);
	});

	it('says that a workflow has failed when one of its nodes ran', async () => {
		const executions = { key: { status: 'error', data: withNodes('Email Trigger', 'Work') } };
		expect(await createHost({ executions }).records.find('key')).toBe('failed');
	});

	it('says interrupted when n8n gave up an execution whose worker had died', async () => {
		const executions = { key: { status: 'error', data: withNodes() } };
		expect(await createHost({ executions }).records.find('key')).toBe('interrupted');
	});

	it('says that it failed when its data are no longer there', async () => {
		const executions = { key: { status: 'error', data: undefined } };
		expect(await createHost({ executions }).records.find('key')).toBe('failed');
	});

	it('says finished when n8n removed the execution at its end, because none are to be saved', async () => {
		const executions = { key: { status: 'running', deletedAt: new Date() } };
		expect(await createHost({ executions }).records.find('key')).toBe('finished');
	});

	it('is absent when there is none with this key', async () => {
		expect(await createHost({}).records.find('key')).toBe('absent');
	});

	it('is found also when n8n has pruned it but not yet deleted it', async () => {
		const { records, queries } = createHost({});
		await records.find('key');
		expect(queries).toEqual([
			expect.objectContaining({ where: { deduplicationKey: 'key' }, withDeleted: true }),
		]);
	});
});

describe('a host', () => {
	it.each(['@n8n/di', '@n8n/db'])('without %s is asked once and never again', async (missing) => {
		const { records, loaded, lines } = createHost({ missing });
		expect(await records.find('a')).toBe('unknown');
		const afterFirst = loaded.length;
		expect(await records.find('b')).toBe('unknown');
		expect(loaded).toHaveLength(afterFirst);
		expect(lines).toEqual([
			`The executions of this n8n cannot be looked up: Cannot find module '${missing}'`,
		]);
	});

	it('whose executions have no deduplication key is not asked for them', async () => {
		const { records, queries, lines } = createHost({ columns: ['id', 'status'] });
		expect(await records.find('key')).toBe('unknown');
		expect(queries).toEqual([]);
		expect(lines).toHaveLength(1);
	});

	it('whose database fails is asked again the next time', async () => {
		const answers = [Promise.reject(new Error('database is locked')), { id: '1', status: 'new' }];
		const { records, lines } = createHost({ findOne: async () => await answers.shift() });
		expect(await records.find('key')).toBe('unknown');
		expect(await records.find('key')).toBe('underWay');
		expect(lines).toEqual(['An execution could not be looked up: database is locked']);
	});

	it('that answers in another form tells nothing', async () => {
		const { records } = createHost({ findOne: async () => ({ state: 'success' }) });
		expect(await records.find('key')).toBe('unknown');
	});

	it('whose database hangs tells nothing, after a while', async () => {
		jest.useFakeTimers();
		try {
			const never = new Promise<never>(() => undefined);
			const { records } = createHost({ findOne: async () => await never });
			const found = records.find('key');
			await jest.advanceTimersByTimeAsync(EXECUTION_RECORD_MS);
			expect(await found).toBe('unknown');
		} finally {
			jest.useRealTimers();
		}
	});

	it('that is none at all, as in this test, tells nothing', async () => {
		const lines: string[] = [];
		const line = (message: string): void => void lines.push(message);
		const records = createExecutionRecords({ debug: line, info: line, warn: line, error: line });
		expect(await records.find('key')).toBe('unknown');
		expect(lines).toHaveLength(1);
	});
});
