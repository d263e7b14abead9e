-- Argo CD's health of a DistillationJob, by its kstatus conditions (docs/gitops.md). Lua 5.1.
local function condition(type)
  for _, condition in ipairs(obj.status.conditions) do
    if condition.type == type and condition.status == "True" then
      return condition
    end
  end
end

if obj.status == nil or obj.status.conditions == nil then
  return { status = "Progressing", message = "the operator has not looked at it yet" }
end
if obj.status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "the operator has not looked at this spec yet" }
end
local stalled = condition("Stalled")
if stalled then
  return { status = "Degraded", message = stalled.reason .. ": " .. stalled.message }
end
local suspended = condition("Suspended")
if suspended then
  return { status = "Suspended", message = suspended.reason .. ": " .. suspended.message }
end
local ready = condition("Ready")
if ready then
  return { status = "Healthy", message = ready.reason .. ": " .. ready.message }
end
local reconciling = condition("Reconciling")
if reconciling then
  return { status = "Progressing", message = reconciling.reason .. ": " .. reconciling.message }
end
return { status = "Progressing", message = "the operator has not said how it stands" }
