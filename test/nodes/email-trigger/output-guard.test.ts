import type { ITriggerFunctions } from 'n8n-workflow';
import { isMailError } from '../../../mail/errors';
import { guardOutputs, warnOfOutputs } from '../../../nodes/EmailTrigger/output-guard';
import { route } from '../../mail/routing/settings';
import { useUserFolder } from '../../support/trigger-context';

const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const link = (node: string) => [{ node, type: 'main', index: 0 }];
const idOf = (node: string) => ({ id: `id of ${node}`, name: node });

/** n8n's object of a workflow whose trigger is connected to these nodes, in the order of its outputs. */
function workflowWith(...ends: ReadonlyArray<string | undefined>): object {
	const known = ends.filter((end) => end !== undefined);
	return {
		nodes: Object.fromEntries(known.map((end) => [end, idOf(end)])),
		connectionsBySourceNode: {
			'Email Trigger': { main: ends.map((end) => (end === undefined ? null : link(end))) },
		},
	};
}

let staticData: Record<string, unknown>;

function contextOf(workflow: unknown, mode: string): ITriggerFunctions {
	return {
		workflow,
		getNode: () => ({ id: 'n1', name: 'Email Trigger' }),
		getWorkflow: () => ({ id: 'w1' }),
		getWorkflowStaticData: () => staticData,
		getActivationMode: () => mode,
	} as unknown as ITriggerFunctions;
}

/** Tries to publish; the reason where it is refused. */
async function publish(
	names: readonly string[],
	workflow: unknown,
	mode = 'update',
): Promise<string | undefined> {
	const routes = names.map((name) => route({ name }));
	try {
		await guardOutputs(contextOf(workflow, mode), routes, log);
		return undefined;
	} catch (error) {
		if (isMailError(error, 'settings.outputsMoved')) return error.message;
		throw error;
	}
}

const two = () => workflowWith('Ship', 'Pay', 'Answer', 'Look');
const added = ['Orders', 'Invoices', 'Partners'];

useUserFolder();

beforeEach(async () => {
	staticData = {};
	expect(await publish(['Orders', 'Invoices'], two(), 'activate')).toBeUndefined();
});

describe('Publishing outputs that have moved away from their connections', () => {
	test.each(['activate', 'update', 'create'])('is refused in words by %s', async (mode) => {
		expect(await publish(added, two(), mode)).toBe(
			'Outputs have moved: reconnect them, or publish again if it is meant so (the fallback would now lead to "Look" instead of "Answer"; the error output would now lead to nothing instead of "Look", because route "Partners" was added)',
		);
	});

	test('is refused however often n8n tries by itself, and taken when the user publishes again', async () => {
		const first = two();
		for (let attempt = 0; attempt < 5; attempt++) {
			expect(await publish(added, first)).toContain('Outputs have moved');
		}
		expect(await publish(added, two())).toBeUndefined();
		expect(await publish(added, two())).toBeUndefined();
	});

	test('is taken once they are reconnected', async () => {
		expect(await publish(added, two())).toContain('Outputs have moved');
		const reconnected = workflowWith('Ship', 'Pay', undefined, 'Answer', 'Look');
		expect(await publish(added, reconnected)).toBeUndefined();
	});

	test('is refused anew where it was refused for something else', async () => {
		expect(await publish(added, two())).toContain('"Partners" was added');
		expect(await publish(['Invoices'], two())).toContain('"Orders" was removed');
		expect(await publish(added, two())).toContain('"Partners" was added');
	});

	test('is compared with what ran last, not with what was refused', async () => {
		expect(await publish(added, two())).toContain('Outputs have moved');
		expect(await publish(['Orders', 'Invoices'], two())).toBeUndefined();
		expect(await publish(added, two())).toContain('Outputs have moved');
	});

	test.each(['init', 'leadershipChange'])(
		'is not refused by %s, which would end a workflow that runs',
		async (mode) => {
			expect(await publish(added, two(), mode)).toBeUndefined();
		},
	);

	test('stays refused when n8n is started again before the user has said anything', async () => {
		expect(await publish(added, two())).toContain('Outputs have moved');
		expect(await publish(added, two(), 'init')).toContain('Outputs have moved');
		expect(await publish(added, two())).toBeUndefined();
		expect(await publish(added, two(), 'init')).toBeUndefined();
	});

	test('is noticed by n8n’s data alone, where the file is lost', async () => {
		process.env.N8N_USER_FOLDER = `${process.env.N8N_USER_FOLDER}/elsewhere`;
		expect(await publish(added, two())).toContain('Outputs have moved');
	});

	test('is noticed by the file alone, where n8n’s data are lost', async () => {
		staticData = {};
		expect(await publish(added, two())).toContain('Outputs have moved');
	});

	test.each<[string, unknown]>([
		['nothing', undefined],
		['another shape', { connectionsBySourceNode: 5 }],
		[
			'connections of another shape',
			{ nodes: {}, connectionsBySourceNode: { 'Email Trigger': 5 } },
		],
	])('is not noticed where n8n tells %s of connections', async (_title, workflow) => {
		expect(await publish(added, workflow)).toBeUndefined();
	});

	test('is told beforehand in a test run, which changes nothing', async () => {
		const warn = (names: readonly string[]) =>
			warnOfOutputs(
				contextOf(two(), 'manual'),
				names.map((name) => route({ name })),
				log,
			);
		expect(warn(['Orders', 'Invoices'])).toEqual([]);
		expect(warn(added)).toEqual([expect.stringContaining('because route "Partners" was added')]);
		expect(await publish(added, two())).toContain('Outputs have moved');
	});
});
