import type { Answer } from '../http/answer';
import type { ReceivedRequest } from '../http/request';
import {
	toParameter,
	toResponse,
	type ApiDocument,
	type ApiOperation,
	type ApiParameter,
	type Schema,
} from './document';
import { OperationFinder } from './operation-finder';
import { createSchemaCheck, type SchemaCheck } from './schema-check';

/** Compares what is asked and answered with Microsoft's description. */
export class ExchangeCheck {
	private readonly finder: OperationFinder;
	private readonly checkBody: SchemaCheck;
	private readonly checkText: SchemaCheck;

	constructor(private readonly api: ApiDocument) {
		this.finder = new OperationFinder(api);
		this.checkBody = createSchemaCheck(api, false);
		this.checkText = createSchemaCheck(api, true);
	}

	/** What is wrong with the request, in words. `path` is what comes after `/v1.0`. */
	findRequestFaults(request: ReceivedRequest, path: readonly string[]): string[] {
		const operation = this.finder.find(request.method, path);
		if (operation === undefined) return ['there is no such operation'];
		return [...this.checkQuery(request, operation), ...this.checkRequestBody(request, operation)];
	}

	findAnswerFaults(request: ReceivedRequest, path: readonly string[], answer: Answer): string[] {
		const operation = this.finder.find(request.method, path);
		if (operation === undefined) return [];
		const said = operation.responses[answer.status] ?? operation.responses.default;
		if (said === undefined) return [`status ${answer.status} is not described`];
		const { content } = toResponse(this.api, said);
		return this.checkContent(
			content,
			answer.headers?.['content-type'],
			answer.body === undefined ? undefined : Buffer.from(answer.body),
		).map((fault) => `${answer.status}: ${fault}`);
	}

	private checkQuery(request: ReceivedRequest, operation: ApiOperation): string[] {
		const known = new Map<string, ApiParameter>();
		for (const said of operation.parameters) {
			const parameter = toParameter(this.api, said);
			if (parameter.in === 'query') known.set(parameter.name, parameter);
		}
		return [...request.query].flatMap(([name, value]) => {
			const parameter = known.get(name);
			if (parameter === undefined) return [`there is no query option ${name}`];
			const isList = parameter.schema.type === 'array';
			const fault = this.checkText(inObject(parameter.schema), {
				value: isList ? value.split(',') : value,
			});
			return fault === undefined ? [] : [`query option ${name}=${value}: ${fault}`];
		});
	}

	private checkRequestBody({ headers, body }: ReceivedRequest, operation: ApiOperation): string[] {
		const said = operation.requestBody;
		if (said === undefined) return body.length === 0 ? [] : ['it takes no body'];
		if (body.length === 0) return said.required ? ['it needs a body'] : [];
		return this.checkContent(said.content, headers['content-type'], body);
	}

	private checkContent(
		content: Readonly<Record<string, { readonly schema: Schema }>> | undefined,
		contentType: string | undefined,
		body: Buffer | undefined,
	): string[] {
		if (content === undefined) return body === undefined ? [] : ['a body where none is described'];
		const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
		const described = content[type];
		if (described === undefined) return [`content type "${type}" is not described`];
		if (type === 'application/octet-stream') return [];
		const value = type === 'application/json' ? parse(body) : (body?.toString() ?? '');
		const fault = this.checkBody(described.schema, value);
		return fault === undefined ? [] : [fault];
	}
}

/** Undefined is no JSON value, and is what no schema accepts. */
function parse(body: Buffer | undefined): unknown {
	try {
		return JSON.parse(body?.toString() ?? '');
	} catch {
		return undefined;
	}
}

/** Only a value in an object can be turned from text into a number. */
function inObject(schema: Schema): Schema {
	return { type: 'object', required: ['value'], properties: { value: schema } };
}
