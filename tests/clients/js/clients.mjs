// What the tests let the AWS SDK for JavaScript do: `node clients.mjs NAME [JSON]` prints the answer as JSON.
import {
  CreateProjectVersionCommand,
  DeleteProjectVersionCommand,
  DescribeProjectVersionsCommand,
  DescribeProjectsCommand,
  DetectCustomLabelsCommand,
  RekognitionClient,
  RekognitionServiceException,
  ResourceNotFoundException,
  StartProjectVersionCommand,
  StopProjectVersionCommand,
  paginateDescribeProjectVersions,
  waitUntilProjectVersionRunning,
  waitUntilProjectVersionTrainingCompleted,
} from "@aws-sdk/client-rekognition";

const client = new RekognitionClient({});
const send = (command) => client.send(command);

const programs = {
  async flow({ ProjectArn, OutputConfig, TrainingData, TestingData }) {
    const which = { ProjectArn, VersionNames: ["v1"] };
    const describe = async () => (await send(new DescribeProjectVersionsCommand(which))).ProjectVersionDescriptions;
    const { ProjectVersionArn } = await send(
      new CreateProjectVersionCommand({ ProjectArn, VersionName: "v1", OutputConfig, TrainingData, TestingData }),
    );
    await waitUntilProjectVersionTrainingCompleted({ client, maxWaitTime: 3600, minDelay: 1, maxDelay: 2 }, which);
    const [model] = await describe();
    await send(new StartProjectVersionCommand({ ProjectVersionArn, MinInferenceUnits: 1 }));
    await waitUntilProjectVersionRunning({ client, maxWaitTime: 3600, minDelay: 1, maxDelay: 2 }, which);
    await send(new StopProjectVersionCommand({ ProjectVersionArn }));
    let [stopped] = await describe();
    while (stopped.Status === "STOPPING") [stopped] = await describe();
    await send(new DeleteProjectVersionCommand({ ProjectVersionArn }));
    while ((await describe()).length);
    return {
      f1: model.EvaluationResult.F1Score,
      trained: model.CreationTimestamp < model.TrainingEndTimestamp,
      stopped: stopped.Status,
      left: (await describe()).length,
    };
  },

  async page({ ProjectArn }) {
    const pages = [];
    for await (const page of paginateDescribeProjectVersions({ client, pageSize: 2 }, { ProjectArn })) {
      pages.push(page.ProjectVersionDescriptions.map((model) => model.ProjectVersionArn.split("/")[3]));
    }
    return pages;
  },

  async error(params) {
    try {
      await send(new DescribeProjectVersionsCommand(params));
    } catch (error) {
      return {
        name: error.name,
        message: error.message,
        code: error.Code,
        typed: error instanceof ResourceNotFoundException,
        service: error instanceof RekognitionServiceException,
        status: error.$metadata.httpStatusCode,
        attempts: error.$metadata.attempts,
        id: error.$metadata.requestId,
      };
    }
  },

  async projects() {
    const { $metadata } = await send(new DescribeProjectsCommand({}));
    return { attempts: $metadata.attempts, status: $metadata.httpStatusCode };
  },

  async detect({ ProjectVersionArn }) {
    const Image = { Bytes: new Uint8Array([0x89, 0x50, 0x4e, 0x47]) };
    return (await send(new DetectCustomLabelsCommand({ ProjectVersionArn, Image }))).CustomLabels;
  },

  async together() {
    const answers = await Promise.all(Array.from({ length: 40 }, () => send(new DescribeProjectsCommand({}))));
    return answers.map((answer) => answer.ProjectDescriptions.length);
  },
};

const [name, params] = process.argv.slice(2);
console.log(JSON.stringify((await programs[name](JSON.parse(params ?? "{}"))) ?? null));
