import { type INode, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { MailError, mailErrorTexts } from '../../../mail/errors';
import { toNodeError } from '../../../nodes/bridge/node-error';

const node: INode = {
	id: '1',
	name: 'Send Email',
	type: 'sendEmail',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

describe('an error as n8n shows it', () => {
	it('says what failed, what the server said and what to do, for which item', () => {
		const error = new MailError('message.rejected', { serverReply: '554 5.7.1 Spam' });
		const shown = toNodeError(error, node, 3);
		expect(shown).toBeInstanceOf(NodeApiError);
		expect(shown.message).toBe('The server rejected the e-mail. The server said: 554 5.7.1 Spam');
		expect(shown.description).toBe(mailErrorTexts['message.rejected'].remedy);
		expect(shown.context.itemIndex).toBe(3);
	});

	it('is an operation error where the workflow or the connector is at fault', () => {
		const error = new MailError('message.invalid', { subject: 'To: "x"' });
		expect(toNodeError(error, node)).toBeInstanceOf(NodeOperationError);
	});

	it("keeps the server's words also where n8n knows better ones", () => {
		const error = new MailError('server.unavailable', { serverReply: '451 upstream ECONNREFUSED' });
		expect(toNodeError(error, node).message).toContain('451 upstream ECONNREFUSED');
	});

	it('keeps the cause of the failure to itself', () => {
		const cause = Object.assign(new Error('deep'), { auth: { pass: 'secret-of-the-cause' } });
		const shown = toNodeError(new MailError('auth.rejected', { cause }), node);
		expect(JSON.stringify(shown)).not.toContain('secret-of-the-cause');
		expect(shown.cause).not.toBe(cause);
	});

	it('passes errors of n8n on, and wraps all others', () => {
		const own = new NodeOperationError(node, 'An expression failed');
		expect(toNodeError(own, node)).toBe(own);
		const foreign = toNodeError(new TypeError('x is not a function'), node, 1);
		expect(foreign).toBeInstanceOf(NodeOperationError);
		expect(foreign.message).toContain('x is not a function');
	});
});
