export { pythonEnvironment, type EnvironmentOptions } from './environment.js';
export { PythonError } from './errors.js';
export { runScript, runTalking, scriptPath, type ScriptEvent } from './run-script.js';
