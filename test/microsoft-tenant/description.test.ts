import { closeSchemas } from '../support/microsoft-tenant/description/closed-schema';
import type { ApiDocument } from '../support/microsoft-tenant/description/document';
import { ExchangeCheck } from '../support/microsoft-tenant/description/exchange-check';
import { json } from '../support/microsoft-tenant/http/answer';
import type { ReceivedRequest } from '../support/microsoft-tenant/http/request';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const api: ApiDocument = {
	paths: {
		'/me/messages/{message-id}': {
			get: {
				operationId: 'get',
				parameters: [{ $ref: '#/components/parameters/top' }],
				responses: {
					'200': { content: { 'application/json': { schema: ref('microsoft.graph.message') } } },
				},
			},
			patch: {
				operationId: 'patch',
				parameters: [],
				requestBody: { required: true, content: { 'application/json': { schema: ref('update') } } },
				responses: { '204': {} },
			},
		},
	},
	components: {
		parameters: {
			top: {
				name: '$top',
				in: 'query',
				required: false,
				schema: { type: 'integer', minimum: 1, maximum: 1000 },
			},
		},
		responses: {},
		schemas: {
			'microsoft.graph.entity': { type: 'object', properties: { id: { type: 'string' } } },
			'microsoft.graph.message': {
				allOf: [
					ref('microsoft.graph.entity'),
					{ type: 'object', properties: { subject: { type: 'string', nullable: true } } },
				],
			},
			update: {
				type: 'object',
				additionalProperties: false,
				properties: { isRead: { type: 'boolean' } },
			},
		},
	},
};

const path = ['me', 'messages', 'a/b'];
const check = new ExchangeCheck(api);

function toRequest(method: string, query = '', body = ''): ReceivedRequest {
	return {
		number: 1,
		method,
		url: '',
		path: ['v1.0', ...path],
		query: new URLSearchParams(query),
		headers: body === '' ? {} : { 'content-type': 'application/json' },
		body: Buffer.from(body),
	};
}

describe('the check against the description', () => {
	it('finds nothing in what is as it should be', () => {
		expect(check.findRequestFaults(toRequest('GET', '$top=5'), path)).toEqual([]);
		expect(check.findRequestFaults(toRequest('PATCH', '', '{"isRead":true}'), path)).toEqual([]);
		const answer = json(200, { id: '1', subject: null, '@odata.etag': 'x' });
		expect(check.findAnswerFaults(toRequest('GET'), path, answer)).toEqual([]);
		expect(check.findAnswerFaults(toRequest('PATCH'), path, { status: 204 })).toEqual([]);
	});

	it.each([
		['an unknown operation', toRequest('DELETE'), 'no such operation'],
		['an unknown query option', toRequest('GET', 'top=5'), 'no query option top'],
		['a value out of range', toRequest('GET', '$top=0'), 'should be >= 1'],
		['a missing body', toRequest('PATCH'), 'it needs a body'],
		['a body that is not asked for', toRequest('GET', '', '{}'), 'it takes no body'],
		['an unknown property', toRequest('PATCH', '', '{"read":true}'), 'additional properties'],
		['a wrong type', toRequest('PATCH', '', '{"isRead":"true"}'), 'should be boolean'],
	])('finds %s in a request', (_, request, fault) => {
		expect(check.findRequestFaults(request, path)).toEqual([expect.stringContaining(fault)]);
	});

	it('finds what the fake itself answers wrongly, a property too many included', () => {
		const faultsOf = (answer: Parameters<typeof check.findAnswerFaults>[2], method = 'GET') =>
			check.findAnswerFaults(toRequest(method), path, answer);
		expect(faultsOf(json(200, { subjekt: 'x' }))).toEqual([
			expect.stringContaining('additional properties'),
		]);
		expect(faultsOf(json(200, { subject: 1 }))).toEqual([expect.stringContaining('string')]);
		expect(faultsOf({ status: 204, body: 'x' }, 'PATCH')).toEqual([
			expect.stringContaining('a body where none is described'),
		]);
		expect(faultsOf({ status: 302 })).toEqual(['status 302 is not described']);
	});

	it('leaves types open from which others are derived', () => {
		const closed = closeSchemas(api.components.schemas);
		expect(closed['microsoft.graph.entity']).not.toHaveProperty('additionalProperties');
		expect(closed['microsoft.graph.message']).toHaveProperty('additionalProperties', false);
	});
});
