import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { createMailboxDriver } from '../bridge/mailbox-driver';
import { accountKey } from '../../mail/connector';
import { followAccount } from '../../mail/inbox/follow-account';
import { watchMailbox } from '../../mail/inbox/watch';
import { pause } from '../../mail/inbox/wait';
import { createCheckpointStore, toWatchKey } from '../bridge/checkpoint-store';
import { requireIncoming } from '../bridge/connector';
import { createEmission } from '../bridge/emission';
import { createExecutionRecords } from '../bridge/execution-record';
import { openJournal } from '../bridge/journal';
import { toOutputs } from '../bridge/message-item';
import { createSharedDriver } from '../bridge/shared-driver';
import { guardOutputs, warnOfOutputs } from './output-guard';
import { toReachWarnings } from './reach-warning';
import { toNodeError } from '../bridge/node-error';
import { type Preparation, prepare, readIncomingConnector } from './preparation';
import { requireAbility } from './ability';
import { createAnswering, describeAnswer } from './answering';
import { fetchNewest } from './test-run';

/** Activation waits this long for the first connection; a server that is slow or down is awaited behind it. */
const FIRST_CONNECTION_MS = 1_000;

/**
 * Starts the trigger. What is wrong with the settings is thrown, so that n8n refuses to activate; what is wrong with
 * the connection is not: n8n gives up a trigger that throws five times, while a server comes back.
 */
export async function startEmailTrigger(context: ITriggerFunctions): Promise<ITriggerResponse> {
	try {
		const preparation = await prepare(context);
		return context.getMode() === 'manual'
			? prepareTestRun(context, preparation)
			: await runActive(context, preparation);
	} catch (error) {
		throw toNodeError(error, context.getNode());
	}
}

async function runActive(
	context: ITriggerFunctions,
	preparation: Preparation,
): Promise<ITriggerResponse> {
	const { settings, intake, log, connector } = preparation;
	const { folder } = settings;
	for (const warning of toReachWarnings(settings.routing)) log.warn(warning);
	requireAbility(createMailboxDriver(connector, log).abilities, settings.afterProcessing);
	const workflowId = context.getWorkflow().id ?? '';
	const records = createExecutionRecords(log);
	const tellsStored = settings.acknowledge === 'stored';
	const answer = createAnswering(
		settings,
		connector,
		async () => await readIncomingConnector(context),
		openJournal(`${workflowId} ${context.getNode().id} acknowledgements`, log),
		log,
	);
	await guardOutputs(context, settings.routing.routes, log);
	const emit = createEmission(context, records, { tellsStored }, log);

	const openDoor = async () => {
		const connector = await readIncomingConnector(context);
		return {
			account: accountKey(requireIncoming(connector)),
			driver: createSharedDriver(connector, log),
		};
	};
	const watch = followAccount(preparation.account, openDoor, (account, openOwnDoor) => {
		const key = toWatchKey({ nodeId: context.getNode().id, account, folder });
		const watchKey = `${workflowId} ${key}`;
		return watchMailbox(
			openOwnDoor,
			{
				...intake,
				account,
				folder,
				startWith: settings.startWith,
				acknowledge: settings.acknowledge,
				afterProcessing: settings.afterProcessing,
				messagesPerExecution: settings.messagesPerExecution,
				executionsAtATime: settings.executionsAtATime,
				attempts: settings.attempts,
				watchKey,
			},
			{
				log,
				records,
				checkpoints: createCheckpointStore(context, key, openJournal(watchKey, log)),
				deliver(messages, executionKey) {
					const acknowledgementOf = answer(messages);
					const place = { account, folder, isTest: false, acknowledgementOf };
					const outputs = toOutputs(messages, settings.routing.routes.length, place);
					return emit(outputs, executionKey);
				},
				reportFault(error) {
					log.error(`${error.message}. ${error.remedy}`);
					// Absent in n8n 1; there the log is all that can be said without ending the trigger.
					context.saveFailedExecution?.(toNodeError(error, context.getNode()));
				},
			},
		);
	});
	await waitAtMost(watch.listening, FIRST_CONNECTION_MS);
	return { closeFunction: () => watch.stop() };
}

/** A test run shows the newest e-mails and ends; closing before that, as when the user stops it, ends the wait. */
function prepareTestRun(context: ITriggerFunctions, preparation: Preparation): ITriggerResponse {
	const { settings, account, log } = preparation;
	const { routes } = settings.routing;
	const closing = new AbortController();
	return {
		async manualTriggerFunction() {
			try {
				const messages = await fetchNewest(preparation, closing.signal);
				const place = {
					account,
					folder: settings.folder,
					isTest: true,
					warnings: [...toReachWarnings(settings.routing), ...warnOfOutputs(context, routes, log)],
					acknowledgementOf: describeAnswer(settings),
				};
				context.emit(toOutputs(messages, routes.length, place));
			} catch (error) {
				if (!closing.signal.aborted) throw toNodeError(error, context.getNode());
			}
		},
		async closeFunction() {
			closing.abort();
		},
	};
}

async function waitAtMost(event: Promise<void>, ms: number): Promise<void> {
	const over = new AbortController();
	await Promise.race([event, pause(ms, over.signal)]);
	over.abort();
}
