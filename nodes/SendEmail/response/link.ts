import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { MailError } from '../../../mail/errors';
import type { Question } from './question';
import { APPROVED, TURN } from './reply';

/** A link of the e-mail. */
export interface Link {
	readonly label: string;
	readonly url: string;
	readonly isDecline: boolean;
}

/**
 * The links that answer a question, signed by n8n. In a loop the same execution asks again: a link is for one turn, so
 * that the links of the mail before do not answer this one. Throws `settings.invalid` on an n8n that signs no links.
 */
export function toLinks(context: IExecuteFunctions, { response }: Question): Link[] {
	const turn = String(context.evaluateExpression('{{ $runIndex }}', 0));
	// Stored with the execution while it waits.
	context.getContext('node')[TURN] = turn;
	const sign = (parameters: Record<string, string>) => {
		// Older hosts have no such call.
		const url = context.getSignedResumeUrl?.({ ...parameters, [TURN]: turn });
		if (url !== undefined) return url;
		throw new MailError('settings.invalid', {
			subject: 'this version of n8n signs no links to answer by',
			remedy: 'Update n8n: Send and Wait for Response needs a version from 2025 or newer.',
		});
	};
	if (response.kind === 'form') {
		return [{ label: response.respond, url: sign({}), isDecline: false }];
	}
	const { approve, decline } = response;
	return [
		{ label: approve, url: sign({ [APPROVED]: 'true' }), isDecline: false },
		...(decline === undefined
			? []
			: [{ label: decline, url: sign({ [APPROVED]: 'false' }), isDecline: true }]),
	];
}

/** The turn that the execution waits for; empty where it waits for none. */
export function readTurn(context: IWebhookFunctions): string {
	// Braces would end the expression.
	const name = JSON.stringify(context.getNode().name)
		.replaceAll('{', '\\u007b')
		.replaceAll('}', '\\u007d');
	// A webhook has no `getContext`: expressions alone reach what the run has stored.
	return String(context.evaluateExpression(`{{ $node[${name}].context["${TURN}"] }}`) ?? '');
}
