import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type N8nInstallation, installN8n } from '../../tools/n8n/install';
import { type N8nInstance, startN8n } from '../../tools/n8n/instance';
import { packProject } from '../../tools/n8n/pack';
import { type Execution, N8nClient, hasEnded } from '../../tools/n8n/rest';

/** How the workers of a test run find what its global set-up has prepared. */
const VARIABLE = 'EMAIL_CONNECTORS_E2E';

const shared = z.object({
	/** The n8n that all tests of the run share. */
	url: z.string(),
	/** Its sign-in: all tests share it, because n8n takes five of them a minute. */
	cookie: z.string(),
	logFile: z.string(),
	/** The package as it would be published. */
	tarball: z.string(),
});
type Shared = z.infer<typeof shared>;

/** Installing n8n takes minutes: what it does must be seen, also through a test runner. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Where the packed project of the run lies: `$EMAIL_CONNECTORS_TARBALL`, or packed now. */
export async function packPackage(folder: string): Promise<string> {
	const given = process.env['EMAIL_CONNECTORS_TARBALL'];
	if (given !== undefined && given !== '') return given;
	const projectFolder = join(__dirname, '..', '..');
	return await packProject({ projectFolder, folder, asPublished: true });
}

export async function installForTests(): Promise<N8nInstallation> {
	return await installN8n({ log: say });
}

export function publish(value: Shared): void {
	process.env[VARIABLE] = JSON.stringify(value);
}

function readShared(): Shared {
	const text = process.env[VARIABLE];
	if (text === undefined) throw new Error('No n8n was started: run these tests as project e2e.');
	return shared.parse(JSON.parse(text));
}

/** The packed project of this test run. */
export function packedPackage(): string {
	return readShared().tarball;
}

/** The n8n of the whole test run, signed in. Tests leave nothing active behind. */
export function sharedN8n(): { url: string; logFile: string; client: N8nClient } {
	const { url, logFile, cookie } = readShared();
	return { url, logFile, client: N8nClient.resume(url, cookie) };
}

/** The package of the test run, for tests that put n8n together themselves. */
export function sharedTarball(): string {
	return readShared().tarball;
}

/** An n8n of one test's own, for those that stop it; with the same package. `remove` ends it and deletes its folder. */
export async function ownN8n(
	env: Readonly<Record<string, string>> = {},
): Promise<{ instance: N8nInstance; remove: () => Promise<void> }> {
	const { tarball } = readShared();
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-'));
	const installation = await installForTests();
	const instance = await startN8n({ installation, userFolder, packages: [tarball], env });
	return {
		instance,
		remove: async () => {
			await instance.stop();
			await rm(userFolder, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}

const LOOK_AGAIN_MS = 100;

/** Three times what the slowest thing takes that is waited for: a mailbox by Graph is looked at every 20 s. */
const PATIENCE_MS = 60_000;

/** The value of `look`, as soon as it is no longer undefined. */
export async function eventually<T>(
	what: string,
	look: () => Promise<T | undefined>,
	timeoutMs = PATIENCE_MS,
): Promise<T> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (Date.now() > deadline) throw new Error(`After ${timeoutMs / 1000} s there is no ${what}.`);
		await pause(LOOK_AGAIN_MS);
	}
}

/** All executions of a workflow once `isComplete` holds, each ended. */
export async function executionsWhen(
	client: N8nClient,
	workflowId: string,
	isComplete: (executions: readonly Execution[]) => boolean,
): Promise<Execution[]> {
	return await eventually(`complete set of executions of workflow ${workflowId}`, async () => {
		const listed = await client.listExecutions(workflowId);
		if (!listed.every(({ status }) => hasEnded(status))) return undefined;
		const executions = await Promise.all(listed.map(({ id }) => client.getExecution(id)));
		return isComplete(executions) ? executions : undefined;
	});
}
