import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';
import * as z from 'zod';
import { checkConnector as checkServers, type CheckReport } from '../../../mail/check';
import type { Connector } from '../../../mail/connector';
import { isMailError, MailError } from '../../../mail/errors';
import { DEFAULT_CONNECTOR_NAME, isConnectorKind } from '../../bridge/connector-kind';
import { type GlobalConnector, readGlobalConnector } from '../../bridge/global-connector';
import { checkGlobalConnector } from '../../bridge/global-connector-check';
import { toNodeError } from '../../bridge/node-error';
import { createParameterCheck } from '../../bridge/parameter';
import { readChosenConnector } from '../chosen-connector';

const checkParameter = createParameterCheck(
	{
		checkOptions: z.object({
			failWhenNotOk: z.boolean().default(false),
			sendTestEmail: z.boolean().default(false),
		}),
	},
	{ checkOptions: 'Options' },
);

type Finding = Pick<CheckReport, 'ok' | 'summary' | 'steps' | 'certificate'>;

/**
 * The credential's test as data, so that a scheduled workflow can watch its connectors: one item, however many came in.
 * A connector that does not work is a result, not an error. Where the administrator's global connector is in force it
 * is checked too: both have to work, or mail stops as soon as the override goes.
 */
export async function checkConnector(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const { failWhenNotOk, sendTestEmail } = checkParameter(
		'checkOptions',
		context.getNodeParameter('checkOptions', 0, {}),
	);
	const override = await readOverride(context);
	const asked = toName(context);
	const chosen = await readChosen(context, sendTestEmail, override !== undefined);
	const testAddress = sendTestEmail && isConnector(chosen) ? chosen.testAddress : undefined;
	const [own, global] = await Promise.all([
		// The test e-mail leaves as every e-mail does.
		isConnector(chosen)
			? checkServers({ ...chosen, testAddress: override === undefined ? testAddress : undefined })
			: chosen,
		override === undefined ? undefined : checkOverride(override, testAddress),
	]);
	const findings = [own, global].filter((finding) => finding !== undefined);
	const inOrder = [...findings.filter(({ ok }) => !ok), ...findings.filter(({ ok }) => ok)];
	const summary = inOrder.map((finding) => finding.summary).join(' ');
	const ok = findings.every((finding) => finding.ok);
	if (!ok && failWhenNotOk) throw new NodeOperationError(context.getNode(), summary);
	return [
		{
			json: {
				ok,
				connector: toUse(asked, override),
				summary,
				steps: own?.steps.map(({ side, step, ok: passed, detail }) => {
					return { side, step, ok: passed, detail };
				}),
				certificate: own?.certificate && { ...own.certificate },
				globalConnector: global && { ok: global.ok, summary: global.summary },
				checkedAt: new Date().toISOString(),
			},
			pairedItem: items.map((_item, index) => ({ item: index })),
		},
	];
}

/** A malformed override stops all mail, which is what the check is to tell. */
async function readOverride(
	context: IExecuteFunctions,
): Promise<GlobalConnector | Finding | undefined> {
	try {
		return await readGlobalConnector();
	} catch (error) {
		return toFailure(context, error);
	}
}

async function checkOverride(
	override: GlobalConnector | Finding,
	testAddress: string | undefined,
): Promise<Finding> {
	if ('ok' in override) return override;
	const { ok, message } = await checkGlobalConnector(override, testAddress);
	return { ok, summary: message, steps: [] };
}

/**
 * Fields that are missing or wrong are a connector that does not work, too. Undefined where the node leaves the
 * connector to the administrator, who has set the global one alone.
 */
async function readChosen(
	context: IExecuteFunctions,
	sendTestEmail: boolean,
	isOverridden: boolean,
): Promise<Connector | Finding | undefined> {
	try {
		const connector = await readChosenConnector(context);
		if (!sendTestEmail || connector.testAddress !== undefined) return connector;
		throw new MailError('settings.invalid', {
			subject: 'the connector has no address under "Send a Test Email To"',
		});
	} catch (error) {
		return isOverridden && isMailError(error, 'connector.noDefault')
			? undefined
			: toFailure(context, error);
	}
}

function isConnector(chosen: Connector | Finding | undefined): chosen is Connector {
	return chosen !== undefined && 'enabled' in chosen;
}

function toFailure(context: IExecuteFunctions, error: unknown): Finding {
	if (!isMailError(error)) throw toNodeError(error, context.getNode());
	return { ok: false, summary: `${error.message}. ${error.remedy}`, steps: [] };
}

function toName(context: IExecuteFunctions): string {
	const { parameters, credentials } = context.getNode();
	const kind = parameters['connector'] ?? 'smtpImapApi';
	return (isConnectorKind(kind) && credentials?.[kind]?.name) || DEFAULT_CONNECTOR_NAME;
}

/** As in the items of e-mails that were sent. */
function toUse(asked: string, override: GlobalConnector | Finding | undefined) {
	if (override === undefined || 'ok' in override) return { asked, used: asked };
	return { asked, used: override.connector.name, override: override.origin };
}
