import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Answer } from '../http/answer';
import type { ReceivedRequest } from '../http/request';
import { readDocument, type ApiDocument } from './document';
import { ExchangeCheck } from './exchange-check';

/** Read once per test file: undefined where it is not on this machine. */
let known: { readonly check: ExchangeCheck | undefined } | undefined;

/** Holds every request to Graph, and every answer of the fake, against Microsoft's own description, where there is one. */
export class Description {
	/** False while a test sends what is wrong on purpose. */
	isChecked = true;
	readonly violations: string[] = [];
	private requests = 0;
	private responses = 0;
	private readonly check: ExchangeCheck | undefined;

	constructor() {
		known ??= { check: toCheck(readDocument()) };
		this.check = known.check;
	}

	/** `answer` is undefined where it was not the fake's own: a fault on command. */
	look(request: ReceivedRequest, path: readonly string[], answer: Answer | undefined): void {
		if (this.check === undefined || !this.isChecked) return;
		const place = `${request.method} ${request.url}`;
		this.requests++;
		const faults = this.check.findRequestFaults(request, path);
		this.violations.push(...faults.map((fault) => `request ${place}: ${fault}`));
		if (answer === undefined) return;
		this.responses++;
		const wrong = this.check.findAnswerFaults(request, path, answer);
		this.violations.push(...wrong.map((fault) => `answer to ${place}: ${fault}`));
	}

	/** Leaves the figures for `npm run check:graph`. Throws what was violated, so that the test fails. */
	close(): void {
		const folder = process.env.GRAPH_REPORT;
		if (folder !== undefined && this.requests > 0) {
			const { requests, responses, violations } = this;
			const line = JSON.stringify({ requests, responses, violations });
			appendFileSync(path.join(folder, `${process.pid}.jsonl`), `${line}\n`);
		}
		if (this.violations.length > 0) {
			throw new Error(`Not as Microsoft describes its API:\n${this.violations.join('\n')}`);
		}
	}
}

function toCheck(api: ApiDocument | undefined): ExchangeCheck | undefined {
	return api && new ExchangeCheck(api);
}
