import { type ParsedMail, simpleParser } from 'mailparser';
import type { SendMailOptions } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { type ExecutionItem, itemsOf } from '../../tools/n8n/execution-data';
import { type Execution, type N8nClient, hasEnded } from '../../tools/n8n/rest';
import type { Dovecot } from './dovecot';
import { type Example, outputsOf, triggerOf } from './example';
import { eventually } from './n8n';

export interface ExampleServers {
	readonly client: N8nClient;
	readonly dovecot: Dovecot;
}

/** How long a mail may take through a busy machine, in ms. */
const PATIENCE_MS = 45_000;

/** An example that is published in a real n8n and watches a mailbox of its own. */
export class ExampleRun {
	constructor(
		private readonly servers: ExampleServers,
		private readonly example: Example,
		readonly workflowId: string,
		/** The mailbox that the connector leads to. */
		readonly mailbox: string,
	) {}

	get client(): N8nClient {
		return this.servers.client;
	}

	get dovecot(): Dovecot {
		return this.servers.dovecot;
	}

	get trigger(): string {
		return triggerOf(this.example).name;
	}

	/** Bytes come with the null sender, as reports do. */
	async deliver(mail: SendMailOptions | Buffer): Promise<void> {
		if (Buffer.isBuffer(mail)) return await this.dovecot.deliver(this.mailbox, mail);
		await this.dovecot.deliver(this.mailbox, await compose(mail), String(mail.from));
	}

	/** Every mail that the trigger has given in a live run: its subject, and the outputs by which it left. */
	async outputs(): Promise<Record<string, string[]>> {
		const outputs: Record<string, string[]> = {};
		const executions = await this.#executions();
		outputsOf(this.example).forEach((name, index) => {
			for (const execution of executions) {
				for (const { json } of itemsOf(execution, this.trigger, index)) {
					(outputs[String(json['subject'])] ??= []).push(name);
				}
			}
		});
		return outputs;
	}

	/** The items that a node has given in live runs, as soon as there are `count`. */
	async itemsAt(node: string, count: number): Promise<ExecutionItem[]> {
		return await eventually(
			`${count} items at ${node}`,
			async () => {
				const executions = await this.#executions();
				const items = executions.flatMap((execution) => itemsOf(execution, node));
				return items.length >= count ? items : undefined;
			},
			PATIENCE_MS,
		);
	}

	/** The one mail with this subject in the mailbox of a user, as soon as it is there. */
	async mailTo(user: string, subject: string, folder?: string): Promise<ParsedMail> {
		return await eventually(
			`mail "${subject}" to ${user}`,
			async () => {
				const [mail, ...others] = (await this.mailsTo(user, folder)).filter(
					(each) => each.subject === subject,
				);
				if (others.length > 0) throw new Error(`${user} has "${subject}" more than once`);
				return mail;
			},
			PATIENCE_MS,
		);
	}

	/** All that a user has had until now. */
	async mailsTo(user: string, folder?: string): Promise<ParsedMail[]> {
		const sources = await this.dovecot.messages(user, folder);
		return await Promise.all(sources.map(async (source) => await simpleParser(source)));
	}

	/** Resolves when so many executions wait for an answer. */
	async waiting(count: number): Promise<void> {
		await eventually(
			`${count} waiting executions`,
			async () => {
				const listed = await this.client.listExecutions(this.workflowId);
				const waiting = listed.filter(({ status }) => status === 'waiting');
				return waiting.length === count ? true : undefined;
			},
			PATIENCE_MS,
		);
	}

	/** A test run, as by Execute Workflow in the editor. */
	async runByHand(): Promise<Execution> {
		const id = await this.client.runManually(this.workflowId, this.trigger);
		return await this.client.waitForExecution(id);
	}

	/** Live executions that have ended, or wait for an answer. */
	async #executions(): Promise<Execution[]> {
		const listed = await this.client.listExecutions(this.workflowId);
		const live = listed.filter(
			({ mode, status }) => mode === 'trigger' && (hasEnded(status) || status === 'waiting'),
		);
		return await Promise.all(live.map(async ({ id }) => await this.client.getExecution(id)));
	}
}

async function compose(mail: SendMailOptions): Promise<Buffer> {
	return await new MailComposer(mail).compile().build();
}
