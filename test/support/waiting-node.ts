import { createHmac } from 'node:crypto';
import type { IExecuteFunctions, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';
import { answerSendEmail } from '../../nodes/SendEmail/response/answer';
import { executeContext, type ExecuteContextOptions } from './execute-context';

/** What a visitor of a link gets. */
export interface Visit {
	readonly status: number;
	readonly html: string;
	readonly headers: Readonly<Record<string, string>>;
}

export interface WaitingNodeOptions extends ExecuteContextOptions {
	/** Calls that this n8n does not have. */
	readonly without?: ReadonlyArray<'getSignedResumeUrl'>;
}

const METHODS = ['GET', 'POST'];

/**
 * n8n around a node that waits for a webhook: it signs the links, keeps the context of the node, finds the webhook by
 * method, and goes on with what the node answers, once.
 */
export class WaitingNode {
	/** Until when the node waits; undefined while it does not. */
	waitTill?: Date;
	/** What the workflow went on with. */
	readonly results: INodeExecutionData[][] = [];
	readonly errors: string[] = [];
	/** Counts the runs in one execution, as a loop does. */
	runIndex = 0;
	readonly #stored: Record<string, unknown> = {};
	readonly #options: WaitingNodeOptions;

	constructor(options: WaitingNodeOptions) {
		this.#options = options;
	}

	get context(): IExecuteFunctions {
		const calls = {
			getContext: () => this.#stored,
			evaluateExpression: (expression: string) =>
				expression === '{{ $runIndex }}' ? this.runIndex : undefined,
			putExecutionToWait: async (until: Date) => {
				this.waitTill = until;
			},
			getSignedResumeUrl: this.#options.without?.includes('getSignedResumeUrl')
				? undefined
				: (parameters: Record<string, string>) => sign(parameters),
		};
		return Object.assign(executeContext(this.#options), calls);
	}

	/** A request to a link. A link that n8n has not signed never gets to the node. */
	async visit(method: string, url: string, form: Record<string, unknown> = {}): Promise<Visit> {
		const query = Object.fromEntries(new URL(url).searchParams);
		const { signature, ...parameters } = query;
		if (signature !== new URL(sign(parameters)).searchParams.get('signature')) {
			return { status: 401, html: '', headers: {} };
		}
		if (this.waitTill === undefined || !METHODS.includes(method)) {
			return { status: 200, html: 'No action required', headers: {} };
		}
		return await this.#answer(method, query, form);
	}

	async #answer(method: string, query: object, body: object): Promise<Visit> {
		const headers: Record<string, string> = {};
		let html = '';
		const response = {
			statusCode: 200,
			setHeader: (name: string, value: string) => (headers[name] = value),
			end: (text: string) => (html = text),
		};
		const { parameters, items } = this.#options;
		const context = {
			getNode: () => this.context.getNode(),
			getNodeParameter: (name: string, fallback: unknown): unknown => {
				const given = parameters[name];
				const value: unknown = typeof given === 'function' ? given(items[0]) : given;
				return value ?? fallback;
			},
			getRequestObject: () => ({ method }),
			getResponseObject: () => response,
			getQueryData: () => query,
			getBodyData: () => body,
			evaluateExpression: (expression: string) =>
				expression.includes('.context["turn"]') ? this.#stored['turn'] : undefined,
			logger: { error: (line: string) => this.errors.push(line) },
		};
		const result = await answerSendEmail(context as unknown as IWebhookFunctions);
		if (result.workflowData !== undefined) {
			this.waitTill = undefined;
			this.results.push(...result.workflowData);
			html = String(result.webhookResponse);
		}
		return { status: response.statusCode, html, headers };
	}
}

function sign(parameters: Record<string, string>): string {
	const url = new URL('https://n8n.example/webhook-waiting/1/node');
	for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
	const signature = createHmac('sha256', 'key').update(url.search).digest('hex');
	url.searchParams.set('signature', signature);
	return url.href;
}

/** The links in the text of an e-mail, by their label. */
export function linksOf(text = ''): Record<string, string> {
	const links = text.matchAll(/^(.+):\r?\n(http\S+)/gm);
	return Object.fromEntries([...links].map(([, label = '', url = '']) => [label, url]));
}
