import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Account, ownerAccount } from './account';
import { type ExecutionResult, toExecutionResult } from './execution-data';
import * as answer from './rest-answer';
import { RestError, RestSession } from './rest-session';
import { SetupError } from './setup-error';
import type { CredentialReference, Workflow } from './workflow';

export interface CredentialData {
	readonly name: string;
	readonly type: string;
	readonly data: Readonly<Record<string, unknown>>;
}

/** A finished or failed execution with what its nodes gave. */
export type Execution = answer.ExecutionSummary & ExecutionResult;

const POLL_MS = 150;
const FINAL = new Set(['success', 'error', 'crashed', 'canceled']);

/** Whether an execution in this state changes no more, and its data can be read. */
export function hasEnded(status: string): boolean {
	return FINAL.has(status);
}

/** The part of n8n's REST API that the demo and the end-to-end tests use, signed in as the owner. */
export class N8nClient {
	private constructor(private readonly session: RestSession) {}

	/** Makes the owner's account on a new instance, signs in on one that has it. */
	static async connect(url: string, account: Account = ownerAccount): Promise<N8nClient> {
		const session = new RestSession(url);
		const settings = await session.get('/settings', z.unknown());
		if (needsOwner.safeParse(settings).success) {
			const owner = { ...account, firstName: 'Connector', lastName: 'Owner' };
			await session.post('/owner/setup', owner, z.unknown());
		}
		const login = { emailOrLdapLoginId: account.email, password: account.password };
		await session.post('/login', login, z.unknown());
		return new N8nClient(session);
	}

	/** Goes on with an earlier sign-in: n8n takes five of them a minute from one address. */
	static resume(url: string, cookie: string): N8nClient {
		return new N8nClient(new RestSession(url, cookie));
	}

	get url(): string {
		return this.session.url;
	}

	/** Of the sign-in, for `resume` and for a browser. */
	get cookie(): string {
		return this.session.cookie;
	}

	async createCredential(credential: CredentialData): Promise<CredentialReference> {
		const { id } = await this.session.post('/credentials', credential, answer.created);
		return { id, name: credential.name };
	}

	/** What the editor's test does: saved credential and the form's data together. */
	async testCredential(
		credential: CredentialData & { id: string },
	): Promise<answer.CredentialTestResult> {
		return await this.session.post(
			'/credentials/test',
			{ credentials: credential },
			answer.testResult,
		);
	}

	async createWorkflow(workflow: Workflow): Promise<answer.SavedWorkflow> {
		// n8n 1 stores what it gets, and has no default for this.
		const body = { ...workflow, active: false };
		return await this.session.post('/workflows', body, answer.savedWorkflow);
	}

	/** Saves a new version; active workflows go on with the published one until they are activated again. */
	async updateWorkflow(id: string, workflow: Partial<Workflow>): Promise<answer.SavedWorkflow> {
		return await this.session.request('PATCH', `/workflows/${id}`, workflow, answer.savedWorkflow);
	}

	/** Publishes a workflow and waits until its triggers run. Throws with n8n's reason if they do not. */
	async activate(workflow: answer.SavedWorkflow, timeoutMs = 60_000): Promise<void> {
		const { id, versionId } = workflow;
		await this.session.post(`/workflows/${id}/activate`, { versionId }, z.unknown());
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const publication = await this.publication(id).catch(orNotTold);
			if (publication === undefined) return;
			const { status, triggers } = publication;
			if (status === 'published' && triggers.every((each) => each.status === 'activated')) return;
			const reason = triggers.find((each) => each.errorMessage !== null)?.errorMessage;
			if (reason !== undefined && reason !== null) throw new SetupError(reason);
			if (Date.now() > deadline) throw new SetupError(`The workflow is still ${status}.`);
			await pause(POLL_MS);
		}
	}

	async deactivate(id: string): Promise<void> {
		await this.session.post(`/workflows/${id}/deactivate`, {}, z.unknown());
	}

	/**
	 * How far an activation is: n8n does it after it has answered the request. Older releases do it before, and have
	 * nothing under this address: RestError 404.
	 */
	async publication(id: string): Promise<answer.Publication> {
		return await this.session.get(`/workflows/${id}/publication-status`, answer.publication);
	}

	/** The fault that the editor shows for an active workflow; undefined if there is none. */
	async activationError(id: string): Promise<string | undefined> {
		const error = await this.session.get(`/active-workflows/error/${id}`, answer.activationError);
		return error ?? undefined;
	}

	/** "Execute workflow" in the editor, starting at the trigger named. Returns the execution's id. */
	async runManually(id: string, trigger: string): Promise<string> {
		const workflowData = await this.session.get(`/workflows/${id}`, z.unknown());
		const body = { workflowData, triggerToStartFrom: { name: trigger } };
		const run = await this.session.post(`/workflows/${id}/run`, body, answer.startedRun);
		return run.executionId;
	}

	/** The executions of a workflow, oldest first, at most 100. */
	async listExecutions(workflowId: string): Promise<answer.ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const page = await this.session.get(
			`/executions?limit=100&filter=${filter}`,
			answer.executionPage,
		);
		return page.results.reverse();
	}

	/** An execution that has ended. */
	async getExecution(id: string): Promise<Execution> {
		const { data, ...summary } = await this.session.get(
			`/executions/${id}`,
			answer.storedExecution,
		);
		return { ...summary, ...toExecutionResult(data) };
	}

	/** With all that n8n has stored for them. */
	async deleteExecutions(ids: readonly string[]): Promise<void> {
		await this.session.post('/executions/delete', { ids }, z.unknown().optional());
	}

	/** Waits until an execution has ended, however it ended. */
	async waitForExecution(id: string, timeoutMs = 60_000): Promise<Execution> {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const { status } = await this.session.get(`/executions/${id}`, answer.executionSummary);
			if (hasEnded(status)) return await this.getExecution(id);
			if (Date.now() > deadline) throw new SetupError(`Execution ${id} is still ${status}.`);
			await pause(POLL_MS);
		}
	}

	/** Asks a node for the choices of a list in the editor, as the resource locator does. */
	async listResources(
		body: Readonly<Record<string, unknown>>,
	): Promise<{ name: string; value: string }[]> {
		const path = '/dynamic-node-parameters/resource-locator-results';
		const listed = await this.session.post(path, body, answer.listedResources);
		return listed.results;
	}

	async nodeTypes(): Promise<answer.NodeType[]> {
		return z.array(answer.nodeType).parse(await this.#download('/types/nodes.json'));
	}

	async credentialTypes(): Promise<answer.CredentialType[]> {
		return z.array(answer.credentialType).parse(await this.#download('/types/credentials.json'));
	}

	/** An icon or another file that the editor loads; `path` as n8n names it in a type. */
	async downloadAsset(path: string): Promise<Response> {
		return await this.session.download(`/${path}`);
	}

	async #download(path: string): Promise<unknown> {
		const response = await this.session.download(path);
		return await response.json();
	}
}

function orNotTold(error: unknown): undefined {
	if (error instanceof RestError && error.status === 404) return undefined;
	throw error;
}

const needsOwner = z.object({
	userManagement: z.object({ showSetupOnFirstLoad: z.literal(true) }),
});
